import type { DoctorFinding } from '../../index.ts';
import { defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Output } from '../output.ts';

interface DoctorCommandOptions {
  readonly production?: true;
}

export const doctor = defineCommand<DoctorCommandOptions>({
  name: 'doctor',
  summary: 'look for what is wrong before it hurts',
  details: `Guards that are gone, migrations that are missing, clocks that differ, events that nobody delivers, slots and bookings
that disagree. Changes nothing. Reads every slot and every live booking. Ends with 1 when a finding is critical.`,
  configure: (command) =>
    command.option(
      '--production',
      'also look whether data outlives a power cut, and end with 1 for warnings as well',
    ),
  run: ({ open, output }, { options: { production = false } }) =>
    open()
      .andThen((sdk) => sdk.diagnostics.doctor({ production }))
      .map((findings) => ({
        data: { findings },
        text: findings.map((finding) => textOf(finding, output)).join('\n'),
        exitCode: findings.some(({ level }) => isFailure(level, production))
          ? exitCodes.failed
          : exitCodes.ok,
      })),
});

const isFailure = (level: DoctorFinding['level'], production: boolean): boolean =>
  level === 'critical' || (production && level === 'warning');

const colours = { ok: 'green', warning: 'yellow', critical: 'red' } as const;

function textOf({ check, level, message, remedy }: DoctorFinding, output: Output): string {
  const said = `${output.paint(colours[level], level.padEnd(8))}  ${check.padEnd(12)}  ${message}`;
  return remedy === undefined ? said : `${said}\n${' '.repeat(24)}→ ${remedy}`;
}

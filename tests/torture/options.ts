import { parseArgs } from 'node:util';
import type { Fault, NamedFault } from './fault.ts';
import { flaws, type Flaw } from './flaws.ts';
import type { Pace } from './round.ts';
import { besideRedis, proofs, redisAlone, toldByDatabase, type Proof } from './settings.ts';
import type { RedisStage } from './stage.ts';

export interface TortureOptions {
  /** Of memory in front of Redis. */
  readonly faults: readonly Fault<RedisStage>[];
  /** Of Redis alone. */
  readonly aloneFaults: readonly Fault<RedisStage>[];
  /** Of memory without Redis. */
  readonly notifyFaults: readonly Fault[];
  readonly pace: Pace;
  readonly seed: number;
  /** The engine to take instead of the real one. */
  readonly flaw: Flaw | undefined;
  /** Mistakes that are made in the end, to show that they would have been noticed. */
  readonly proofs: readonly Proof[];
}

/** Long enough for everything to happen, short enough for all faults within three minutes. */
export const shortPace: Pace = { faultMs: 1300, calmMs: 300 };
const LONG_SECONDS = 20;
const LONG_CALM_MS = 2000;

const line = ({ name, description }: NamedFault): string => `  ${name.padEnd(20)}${description}`;

const section = ({
  title,
  faults,
}: {
  readonly title: string;
  readonly faults: readonly NamedFault[];
}): string => `faults, with ${title}\n${faults.map(line).join('\n')}`;

export const usage = `npm run torture -- [options]

  --short           every fault for a moment; less than three minutes in all
  --seconds <n>     how long each fault lasts; ${LONG_SECONDS} when left out
  --fault <name>    only this one; may be given several times
  --seed <n>        what the processes do; printed by each run
  --broken <flaw>   takes an engine with a deliberate mistake, which must be noticed: the run then fails

${[besideRedis, redisAlone, toldByDatabase].map(section).join('\n\n')}

flaws
${flaws.map((name) => `  ${name}`).join('\n')}
`;

/** Reads the command line; `undefined` when help was asked for. Throws on what it does not know. */
export function parseTortureOptions(args: readonly string[]): TortureOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      short: { type: 'boolean', default: false },
      seconds: { type: 'string' },
      fault: { type: 'string', multiple: true, default: [] },
      seed: { type: 'string' },
      broken: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const seconds = positive('--seconds', values.seconds ?? String(LONG_SECONDS));
  const all = [...besideRedis.faults, ...redisAlone.faults, ...toldByDatabase.faults].map(({ name }) => name);
  const chosen = values.fault.map((name) => known('--fault', name, all, String));
  const choice = <One extends NamedFault>(faults: readonly One[]): readonly One[] =>
    faults.filter(({ name }) => chosen.length === 0 || chosen.includes(name));
  const flaw = values.broken === undefined ? undefined : known('--broken', values.broken, flaws, String);
  return {
    faults: choice(besideRedis.faults),
    aloneFaults: choice(redisAlone.faults),
    notifyFaults: choice(toldByDatabase.faults),
    pace: values.short ? shortPace : { faultMs: 1000 * seconds, calmMs: LONG_CALM_MS },
    seed: values.seed === undefined ? Math.floor(Math.random() * 1e6) : positive('--seed', values.seed),
    flaw,
    proofs: flaw === undefined && chosen.length === 0 ? proofs : [],
  };
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new Error(`${option} must be a positive number, not "${text}"`);
}

function known<T>(option: string, name: string, all: readonly T[], nameOf: (one: T) => string): T {
  const found = all.find((one) => nameOf(one) === name);
  if (found !== undefined) return found;
  throw new Error(`${option} must be one of ${all.map(nameOf).join(', ')}, not "${name}"`);
}

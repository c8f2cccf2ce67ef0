import type { ResultAsync } from 'neverthrow';
import type { MaintainedTable, MaintenanceOptions, RepositoryError, Slotwise } from '../index.ts';
import { defineCommand, type CliCommand } from './command.ts';
import { amount, duration } from './text.ts';

interface Maintenance {
  readonly name: string;
  readonly summary: string;
  readonly done: string;
  readonly run: (
    sdk: Slotwise,
    options: MaintenanceOptions,
  ) => ResultAsync<readonly MaintainedTable[], RepositoryError>;
}

/** A command that goes through the tables. */
export const maintenanceCommand = ({ name, summary, done, run }: Maintenance): CliCommand =>
  defineCommand({
    name,
    summary,
    details: `Of the SDK alone, one table after the other; reads and writes go on. The role must own the tables: for another one
PostgreSQL changes nothing.`,
    run: ({ open, output }) =>
      open()
        .andThen((sdk) =>
          run(sdk, {
            onProgress: (progress) =>
              output.progress(`${progress.table}: ${progress.done} of ${progress.total} tables`),
          }),
        )
        .map((tables) => {
          const durationMs = tables.reduce((sum, table) => sum + table.durationMs, 0);
          return {
            data: { tables },
            text: `${done} ${amount(tables.length, 'table')} in ${duration(durationMs)}.`,
          };
        }),
  });

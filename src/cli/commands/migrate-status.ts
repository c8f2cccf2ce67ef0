import { defineCommand } from '../command.ts';
import { table } from '../text.ts';

export const migrateStatus = defineCommand({
  name: 'migrate status',
  summary: 'list the migrations that were applied and those that are pending',
  details: 'Changes nothing.',
  run: ({ open }) =>
    open()
      .andThen((sdk) => sdk.migrationPlan())
      .map(({ applied, pending }) => {
        const names = pending.map(({ name }) => name);
        return {
          data: { applied, pending: names },
          text: table([
            ...applied.map((name) => ['applied', name]),
            ...names.map((name) => ['pending', name]),
          ]),
        };
      }),
});

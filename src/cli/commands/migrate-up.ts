import { defineCommand } from '../command.ts';
import { amount } from '../text.ts';

export const migrateUp = defineCommand({
  name: 'migrate up',
  summary: 'bring the schema up to date',
  details: `All that is pending is applied in one transaction, or nothing. Any number of processes may do so at once. Nothing
outside the schema is touched, except that the extension btree_gist is created where it is missing.`,
  run: ({ open }) =>
    open()
      .andThen((sdk) => sdk.migrate())
      .map(({ applied }) => ({
        data: { applied },
        text:
          applied.length === 0
            ? 'The schema is up to date.'
            : [`Applied ${amount(applied.length, 'migration')}:`, ...applied.map((name) => `  ${name}`)].join(
                '\n',
              ),
      })),
});

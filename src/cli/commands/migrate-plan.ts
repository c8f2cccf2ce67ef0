import { defineCommand } from '../command.ts';

const script = (heading: string, statements: readonly string[]): string =>
  [`-- ${heading}`, ...statements.map((statement) => `${statement};`)].join('\n');

export const migratePlan = defineCommand({
  name: 'migrate plan',
  summary: 'print the SQL that `migrate up` would run',
  details: `Changes nothing. The bookkeeping is left out: \`up\` also writes each name into the table of migrations, and holds a
lock meanwhile.`,
  run: ({ open }) =>
    open()
      .andThen((sdk) => sdk.migrationPlan())
      .map(({ preparation, pending }) => ({
        data: { preparation, pending },
        text:
          pending.length === 0
            ? '-- nothing is pending'
            : [
                script('the schema and its table of migrations', preparation),
                ...pending.map(({ name, statements }) => script(name, statements)),
              ].join('\n\n'),
      })),
});

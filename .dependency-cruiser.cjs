// The dependency rule of the layers, as data. `scripts/check-deps.ts` applies it to src/ and
// `tests/architecture` proves that each rule finds a planted violation.

/** Matches an installed package whether or not its entry file could be resolved. */
const npm = (...names) => `(^|node_modules/)(${names.join('|')})(/|$)`;

/** Files whose public option types name a client or an ORM type; they may import types, never code. */
const OPTION_TYPES = '^src/infrastructure/(create-slotwise[.]ts$|config/)';

/** The command line, which owns its process. */
const CLI = '^src/cli([.]ts$|/)';

/** Every third-party package that src may load, with the one place where it belongs. */
const technologies = [
  {
    name: 'mikro-orm',
    packages: ['@mikro-orm', '@electric-sql'],
    home: '^src/infrastructure/persistence/',
    typesIn: OPTION_TYPES,
  },
  { name: 'ioredis', packages: ['ioredis'], home: '^src/infrastructure/cache/', typesIn: OPTION_TYPES },
  { name: 'lru-cache', packages: ['lru-cache'], home: '^src/infrastructure/cache/' },
  { name: 'cluster-key-slot', packages: ['cluster-key-slot'], home: '^src/infrastructure/cache/redis/' },
  { name: 'ioredis-mock', packages: ['ioredis-mock'], home: '^src/testing/' },
  {
    name: 'tsyringe',
    packages: ['tsyringe', 'reflect-metadata'],
    home: '^src/(infrastructure/di/|di[.]ts$)',
  },
  { name: 'zod', packages: ['zod'], home: '^src/infrastructure/config/' },
  { name: 'commander', packages: ['commander'], home: '^src/cli/' },
  { name: 'cockatiel', packages: ['cockatiel'], home: '^src/infrastructure/' },
  {
    name: 'temporal-polyfill',
    packages: ['temporal-polyfill'],
    home: '^src/(domain|infrastructure/cache/values)/',
  },
  { name: 'devalue', packages: ['devalue'], home: '^src/infrastructure/cache/values/' },
  {
    name: 'prom-client',
    packages: ['prom-client'],
    home: '^src/infrastructure/observability/exporters/prometheus[.]ts$',
  },
  {
    name: 'opentelemetry',
    packages: ['@opentelemetry'],
    home: '^src/infrastructure/observability/exporters/otel-',
  },
  { name: 'msgpackr', packages: ['msgpackr'], home: '^src/infrastructure/cache/values/' },
];

const technologyRules = technologies.flatMap(({ name, packages, home, typesIn }) => [
  {
    name: `${name}-stays-home`,
    comment: `${packages.join(' and ')} may be imported under ${home} only.`,
    severity: 'error',
    from: { path: '^src/', pathNot: typesIn === undefined ? [home] : [home, typesIn] },
    to: { path: npm(...packages) },
  },
  ...(typesIn === undefined
    ? []
    : [
        {
          name: `${name}-types-only`,
          comment: `Outside ${home} the option types may name ${packages.join(' and ')}, but load no code of it.`,
          severity: 'error',
          from: { path: typesIn },
          to: { path: npm(...packages), dependencyTypesNot: ['type-only'] },
        },
      ]),
]);

module.exports = {
  forbidden: [
    {
      name: 'domain-is-pure',
      comment:
        'The domain knows itself, neverthrow and the Temporal polyfill: no I/O, no clock, no outer layer.',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { pathNot: ['^src/domain/', npm('neverthrow', 'temporal-polyfill')] },
    },
    {
      name: 'application-looks-inward',
      comment: 'Use cases and ports know the domain and neverthrow; adapters are handed to them.',
      severity: 'error',
      from: { path: '^src/application/' },
      to: { pathNot: ['^src/(domain|application)/', npm('neverthrow')] },
    },
    {
      name: 'infrastructure-not-to-entry-points',
      comment: 'Entry points gather what is public; nothing behind them imports them.',
      severity: 'error',
      from: { path: '^src/infrastructure/' },
      to: { path: '^src/([^/]+[.]ts$|testing/)' },
    },
    {
      name: 'cli-is-outermost',
      comment: 'The command line is a host like any other: nothing in the library knows it.',
      severity: 'error',
      from: { path: '^src/', pathNot: CLI },
      to: { path: CLI },
    },
    {
      name: 'cli-uses-the-entry-point',
      comment: 'What the command line needs of the library is what hosts can have too.',
      severity: 'error',
      from: { path: CLI },
      to: { path: '^src/', pathNot: [CLI, '^src/index[.]ts$'] },
    },
    {
      name: 'source-not-to-development',
      comment: 'Shipped code never reaches tests, benchmarks, examples or scripts.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(tests|bench|examples|scripts|docs)/' },
    },
    {
      name: 'known-packages-only',
      comment: 'A new third-party package is a decision: give it a home in the table above.',
      severity: 'error',
      from: { path: '^src/' },
      to: {
        path: 'node_modules/',
        pathNot: npm('neverthrow', ...technologies.flatMap(({ packages }) => packages)),
      },
    },
    {
      name: 'resolvable',
      comment: 'An import that cannot be found cannot be judged.',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'no-circular',
      comment: 'A cycle means that two files hold one idea.',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true },
    },
    ...technologyRules,
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mts', '.d.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};

import { err, ok, type Result } from 'neverthrow';
import { z } from 'zod';
import { cachePolicyNames, type TtlOverrides } from '../../application/caching/cache-policies.ts';
import { parseBookingPolicy, type BookingPolicy } from '../../domain/booking/booking-policy.ts';
import { fail } from '../../domain/shared/fail.ts';
import { MAX_TTL_MS, PROBE_GROWTH } from '../cache/limits.ts';
import type { ConfigError } from './errors.ts';
import type { SlotwiseOptions } from './options.ts';

/** With more, `setTimeout` fires at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const isFunction = (value: unknown): boolean => typeof value === 'function';

const hasMethod = (value: unknown, method: string): boolean => isObject(value) && isFunction(value[method]);

/** An object of the host that is used as it is, so what counts is what it can do. */
const capable = (...methods: readonly string[]): z.ZodType<object> =>
  z.custom<object>(
    (value) => methods.every((method) => hasMethod(value, method)),
    `must have the functions ${methods.join(', ')}`,
  );

const milliseconds = z.number().int().positive().max(LONGEST_TIMER_MS);
const schemaName = z
  .string()
  .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'must be lower-case letters, digits and underscores, at most 63');
const postgresUrl = z.string().regex(/^postgres(ql)?:\/\//, 'must start with postgresql://');
const redisUrl = z.string().regex(/^rediss?:\/\//, 'must start with redis:// or rediss://');

const database = {
  schema: schemaName.default('slotwise'),
  acquireTimeoutMs: milliseconds.default(5000),
};

const server = z.strictObject({
  ...database,
  url: postgresUrl,
  pool: z
    .strictObject({
      min: z.number().int().min(0).default(0),
      max: z.number().int().min(1).default(20),
      idleTimeoutMs: milliseconds.default(30_000),
      maxLifetimeMs: milliseconds.default(600_000),
    })
    .prefault({}),
  connectTimeoutMs: milliseconds.default(10_000),
  statementTimeoutMs: milliseconds.default(30_000),
});

const embedded = z.strictObject({
  ...database,
  embedded: z.literal(true),
  dataDir: z.string().min(1).optional(),
});
const mikroOrm = z.custom<object>(
  (value) => isObject(value) && hasMethod(value['em'], 'getConnection') && hasMethod(value['config'], 'get'),
  'must be a MikroORM',
);
const borrowed = z.strictObject({ ...database, orm: mikroOrm });

const cache = z.strictObject({
  url: redisUrl.optional(),
  client: capable('mget', 'eval', 'set', 'ping', 'info', 'on', 'off').optional(),
  prefix: z
    .string()
    .regex(/^[\w:.-]{1,100}$/, 'must be letters, digits, dots, dashes, colons and underscores, at most 100')
    .default('slotwise'),
  l1: z.union([z.literal(false), z.strictObject({ maxEntries: z.number().int().min(1) })]).optional(),
  ttl: z
    .partialRecord(z.enum(cachePolicyNames as [string, ...string[]]), milliseconds.max(MAX_TTL_MS))
    .default({}),
  codec: z.enum(['json', 'msgpackr']).default('json'),
  compressAboveBytes: z.union([z.literal(false), z.number().int().min(0)]).default(32_768),
  notify: z.boolean().optional(),
  consistencyCheck: z.number().min(0).max(1).default(0),
  maxLoads: z.number().int().min(1).default(10),
  commandTimeoutMs: milliseconds.default(50),
  invalidationTimeoutMs: milliseconds.default(500),
  breaker: z
    .strictObject({
      failures: z.number().int().min(1).default(5),
      probeIntervalMs: milliseconds.max(Math.floor(LONGEST_TIMER_MS / PROBE_GROWTH)).default(1000),
    })
    .prefault({}),
});

const instrumentation = z.custom<object>(
  (value) =>
    isObject(value) &&
    [value['cacheRead'], value['statement']].every((hook) => hook === undefined || isFunction(hook)),
  'must have functions cacheRead and statement, or none',
);

/** All there is at the top; the parts with defaults are parsed one by one. */
const top = z.strictObject({
  database: z.unknown().optional(),
  cache: z.unknown().optional(),
  clock: capable('now').optional(),
  logger: capable('debug', 'info', 'warn', 'error').optional(),
  instrumentation: instrumentation.optional(),
  policies: z.strictObject({ booking: z.unknown().optional() }).optional(),
  unusedVariables: z.array(z.string()).optional(),
} satisfies Readonly<Record<keyof SlotwiseOptions, z.ZodType>>);

type Defaulted<T> = { readonly [K in keyof T]: T[K] };

export type ParsedDatabase =
  | ({ readonly kind: 'server' } & Defaulted<z.output<typeof server>>)
  | ({ readonly kind: 'embedded' } & Defaulted<z.output<typeof embedded>>)
  | ({ readonly kind: 'borrowed' } & Defaulted<z.output<typeof borrowed>>);

export type ParsedCache = Omit<z.output<typeof cache>, 'ttl'> & { readonly ttl: TtlOverrides };

export interface ParsedOptions {
  readonly database: ParsedDatabase;
  readonly cache: false | ParsedCache;
  readonly policy: BookingPolicy;
}

/**
 * Checks the options, whatever they are, and fills in the defaults. Values such as URLs never appear in the error: they
 * hold passwords.
 */
export const parseOptions = (options: unknown = {}): Result<ParsedOptions, ConfigError> =>
  parse([], top, options).andThen(({ database: given, cache: caching, policies }) =>
    parseDatabase(given).andThen((parsedDatabase) =>
      parseCache(caching).andThen((parsedCache) =>
        parseBookingPolicy(policies?.booking as Partial<BookingPolicy> | undefined)
          .map((policy) => ({ database: parsedDatabase, cache: parsedCache, policy }))
          .mapErr(({ field, message }): ConfigError => ({ type: 'Config', key: field, message })),
      ),
    ),
  );

function parseDatabase(given: unknown = { embedded: true }): Result<ParsedDatabase, ConfigError> {
  const key = ['database'];
  if (isObject(given) && 'url' in given)
    return parse(key, server, given).map((value) => ({ kind: 'server', ...value }));
  if (isObject(given) && 'orm' in given)
    return parse(key, borrowed, given).map((value) => ({ kind: 'borrowed', ...value }));
  return parse(key, embedded, given).map((value) => ({ kind: 'embedded', ...value }));
}

function parseCache(given: unknown = {}): Result<false | ParsedCache, ConfigError> {
  if (given === false) return ok(false);
  return parse(['cache'], cache, given).andThen((parsed) =>
    parsed.url !== undefined && parsed.client !== undefined
      ? fail({ type: 'Config', key: 'cache.client', message: 'give either url or client' })
      : ok(parsed),
  );
}

function parse<T>(key: readonly string[], schema: z.ZodType<T>, value: unknown): Result<T, ConfigError> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  // A name that is misspelt is the option to point at, not the group it stands in.
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const path = [...key, ...(issue?.path ?? []), ...unknown].map(String);
  return err({
    type: 'Config',
    key: path.join('.') || 'options',
    message: unknown.length > 0 ? 'is no option' : (issue?.message ?? 'is invalid'),
  });
}

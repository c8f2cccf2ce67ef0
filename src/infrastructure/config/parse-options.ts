import { err, ok, type Result } from 'neverthrow';
import { z } from 'zod';
import { cachePolicyNames, type TtlOverrides } from '../../application/caching/cache-policies.ts';
import { parseBookingPolicy, type BookingPolicy } from '../../domain/booking/booking-policy.ts';
import type { ConfigError } from './errors.ts';
import type { SlotwiseOptions } from './options.ts';

const SEVEN_DAYS_MS = 7 * 86_400_000;

const milliseconds = z.number().int().positive();
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
const borrowed = z.strictObject({ ...database, orm: z.custom<object>((value) => typeof value === 'object') });

const cache = z.strictObject({
  url: redisUrl.optional(),
  client: z.custom<object>((value) => typeof value === 'object').optional(),
  prefix: z
    .string()
    .regex(/^[\w:.-]{1,100}$/, 'must be letters, digits, dots, dashes, colons and underscores, at most 100')
    .default('slotwise'),
  l1: z.union([z.literal(false), z.strictObject({ maxEntries: z.number().int().min(1) })]).optional(),
  ttl: z
    .partialRecord(z.enum(cachePolicyNames as [string, ...string[]]), milliseconds.max(SEVEN_DAYS_MS))
    .default({}),
  commandTimeoutMs: milliseconds.default(50),
  invalidationTimeoutMs: milliseconds.default(500),
  breaker: z
    .strictObject({
      failures: z.number().int().min(1).default(5),
      probeIntervalMs: milliseconds.default(1000),
    })
    .prefault({}),
});

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

/** Checks the options and fills in the defaults. Values such as URLs never appear in the error: they hold passwords. */
export function parseOptions({
  database: given,
  cache: caching,
  policies,
}: SlotwiseOptions): Result<ParsedOptions, ConfigError> {
  return parseDatabase(given).andThen((parsedDatabase) =>
    parseCache(caching).andThen((parsedCache) =>
      parseBookingPolicy(policies?.booking)
        .map((policy) => ({ database: parsedDatabase, cache: parsedCache, policy }))
        .mapErr(({ field, message }): ConfigError => ({ type: 'Config', key: field, message })),
    ),
  );
}

function parseDatabase(
  given: SlotwiseOptions['database'] = { embedded: true },
): Result<ParsedDatabase, ConfigError> {
  if ('url' in given) return parse('database', server, given).map((value) => ({ kind: 'server', ...value }));
  if ('orm' in given)
    return parse('database', borrowed, given).map((value) => ({ kind: 'borrowed', ...value }));
  return parse('database', embedded, given).map((value) => ({ kind: 'embedded', ...value }));
}

function parseCache(given: SlotwiseOptions['cache'] = {}): Result<false | ParsedCache, ConfigError> {
  if (given === false) return ok(false);
  if (given.url !== undefined && given.client !== undefined)
    return err({ type: 'Config', key: 'cache.client', message: 'give either url or client' });
  return parse('cache', cache, given);
}

function parse<T>(key: string, schema: z.ZodType<T>, value: unknown): Result<T, ConfigError> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  return err({
    type: 'Config',
    key: [key, ...(issue?.path.map(String) ?? [])].join('.'),
    message: issue?.message ?? 'is invalid',
  });
}

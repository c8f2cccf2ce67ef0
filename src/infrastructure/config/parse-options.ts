import type { EntitySchema } from '@mikro-orm/core';
import { err, ok, type Result } from 'neverthrow';
import { z } from 'zod';
import { parseWarmOptions, type WarmOptions } from '../../application/caching/warm-cache.ts';
import { cachePolicyNames, type TtlOverrides } from '../../application/caching/cache-policies.ts';
import { parseBookingPolicy, type BookingPolicy } from '../../domain/booking/booking-policy.ts';
import { MAX_TTL_MS, PROBE_GROWTH } from '../cache/limits.ts';
import type { RedisTarget } from '../cache/redis/redis-target.ts';
import { channelNames } from '../observability/channels.ts';
import { defaultMetrics, type MetricsSettings } from '../observability/metrics/metrics-options.ts';
import {
  DEFAULT_REPEATS,
  defaultQueries,
  type QuerySettings,
} from '../observability/statements/query-options.ts';
import { capable, hasMethod, isFunction, isObject, LONGEST_TIMER_MS, milliseconds } from './checks.ts';
import type { ConfigError } from './errors.ts';
import type { SlotwiseOptions } from './options.ts';
import { redisOptions, redisTarget, type RedisPlace } from './redis-options.ts';

const schemaName = z
  .string()
  .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'must be lower-case letters, digits and underscores, at most 63');
const postgresUrl = z.string().regex(/^postgres(ql)?:\/\//, 'must start with postgresql://');

function isReadable(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { username, password, pathname } = new URL(url);
  try {
    return [username, password, pathname].every((part) => decodeURIComponent(part) !== undefined);
  } catch {
    return false;
  }
}

const rowSchema = z.custom<EntitySchema>(
  (value) => hasMethod(value, 'init') && isObject(value) && isObject(value['meta']),
  'must be a schema made by defineEntity',
);

const database = {
  schema: schemaName.default('slotwise'),
  acquireTimeoutMs: milliseconds.default(5000),
  rows: z.array(rowSchema).default([]),
};

const server = z.strictObject({
  ...database,
  url: postgresUrl,
  replicaUrls: z
    .array(postgresUrl.refine(isReadable, 'must be a URL whose parts can be decoded'))
    .max(16)
    .default([]),
  maxReplicaLagMs: z.union([z.literal(false), milliseconds.min(5_000).max(3_600_000)]).default(10_000),
  pool: z
    .strictObject({
      min: z.number().int().min(0).default(0),
      max: z.number().int().min(1).default(20),
      idleTimeoutMs: milliseconds.default(30_000),
      maxLifetimeMs: milliseconds.default(600_000),
      checkAfterIdleMs: z.number().int().min(0).max(LONGEST_TIMER_MS).default(1000),
    })
    .refine(({ min, max }) => min <= max, { path: ['min'], error: 'must be at most pool.max' })
    .prefault({}),
  connectTimeoutMs: milliseconds.default(10_000),
  statementTimeoutMs: milliseconds.default(30_000),
  lockTimeoutMs: milliseconds.optional(),
  idleInTransactionTimeoutMs: milliseconds.optional(),
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

const familyName = z
  .string()
  .regex(/^[^*{}:\p{Cc}]{1,512}$/u, 'must be the part of keys before the first colon');

const cache = z.strictObject({
  ...redisOptions,
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
  strict: z.boolean().default(false),
  consistencyCheck: z.number().min(0).max(1).default(0),
  families: z.array(familyName).default([]),
  warmOnStart: z.union([z.boolean(), z.custom<WarmOptions>(isObject)]).default(false),
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

const hookNames = Object.keys(channelNames);

const instrumentation = z.custom<object>(
  (value) =>
    isObject(value) && hookNames.every((name) => value[name] === undefined || isFunction(value[name])),
  `must have functions ${hookNames.join(', ')}, or none`,
);

const metrics = z.strictObject({
  slowStatementMs: milliseconds.default(defaultMetrics.slowStatementMs),
  maxNames: z.number().int().min(1).max(10_000).default(defaultMetrics.maxNames),
  eventLoopDelay: z.boolean().default(defaultMetrics.eventLoopDelay),
  logEveryMs: z.union([z.literal(false), milliseconds.min(1_000)]).default(defaultMetrics.logEveryMs),
  profileRequests: z.boolean().default(defaultMetrics.profileRequests),
});

const queries = z.strictObject({
  maxSlow: z.number().int().min(0).max(10_000).default(defaultQueries.maxSlow),
  repeats: z
    .union([
      z.literal(false),
      z.strictObject({ atLeast: z.number().int().min(2).max(1_000).default(DEFAULT_REPEATS) }),
    ])
    .default(defaultQueries.repeats),
});

/** All there is at the top; the parts with defaults are parsed one by one. */
const top = z.strictObject({
  database: z.unknown().optional(),
  cache: z.unknown().optional(),
  clock: capable('now').optional(),
  logger: capable('debug', 'info', 'warn', 'error').optional(),
  instrumentation: instrumentation.optional(),
  metrics: z.unknown().optional(),
  queries: queries.prefault({}),
  policies: z.strictObject({ booking: z.unknown().optional() }).optional(),
  unusedVariables: z.array(z.string()).optional(),
} satisfies Readonly<Record<keyof SlotwiseOptions, z.ZodType>>);

type Defaulted<T> = { readonly [K in keyof T]: T[K] };

export type ParsedDatabase =
  | ({ readonly kind: 'server' } & Defaulted<z.output<typeof server>>)
  | ({ readonly kind: 'embedded' } & Defaulted<z.output<typeof embedded>>)
  | ({ readonly kind: 'borrowed' } & Defaulted<z.output<typeof borrowed>>);

export type ParsedCache = Omit<z.output<typeof cache>, 'ttl' | 'warmOnStart' | RedisPlace> & {
  readonly ttl: TtlOverrides;
  readonly warmOnStart: WarmOptions | undefined;
  /** Where Redis is, if there is one. */
  readonly redis: RedisTarget | undefined;
};

export interface ParsedOptions {
  readonly database: ParsedDatabase;
  readonly cache: false | ParsedCache;
  readonly policy: BookingPolicy;
  readonly metrics: MetricsSettings;
  readonly queries: QuerySettings;
}

/**
 * Checks the options, whatever they are, and fills in the defaults. Values such as URLs never appear in the error: they
 * hold passwords.
 */
export const parseOptions = (options: unknown = {}): Result<ParsedOptions, ConfigError> =>
  parse([], top, options).andThen(
    ({ database: given, cache: caching, policies, metrics: measuring, queries: watching }) =>
      parseDatabase(given).andThen((parsedDatabase) =>
        parseCache(caching).andThen((parsedCache) =>
          parseMetrics(measuring).andThen((parsedMetrics) =>
            parseBookingPolicy(policies?.booking as Partial<BookingPolicy> | undefined)
              .map((policy) => ({
                database: parsedDatabase,
                cache: parsedCache,
                metrics: parsedMetrics,
                queries: watching,
                policy,
              }))
              .mapErr(({ field, message }): ConfigError => ({ type: 'Config', key: field, message })),
          ),
        ),
      ),
  );

/** Switched off, there is nothing to count, but what asks for it still works. */
const parseMetrics = (given: unknown = {}): Result<MetricsSettings, ConfigError> =>
  parse(['metrics'], metrics, given === false ? {} : given).map((parsed) => ({
    ...parsed,
    enabled: given !== false,
  }));

function parseDatabase(given: unknown = { embedded: true }): Result<ParsedDatabase, ConfigError> {
  const key = ['database'];
  if (isObject(given) && 'url' in given)
    return parse(key, server, given).map((value) => ({ kind: 'server', ...value }));
  if (isObject(given) && 'orm' in given)
    return parse(key, borrowed, given).map((value) => ({ kind: 'borrowed', ...value }));
  return parse(key, embedded, given).map((value) => ({ kind: 'embedded', ...value }));
}

export function parseCache(given: unknown = {}): Result<false | ParsedCache, ConfigError> {
  if (given === false) return ok(false);
  return parse(['cache'], cache, given).andThen((parsed) =>
    redisTarget(parsed).andThen((redis) =>
      parseWarmOnStart(parsed.warmOnStart).map((warmOnStart) => {
        const {
          url: _url,
          tls: _tls,
          cluster: _cluster,
          sentinel: _sentinel,
          client: _client,
          ...rest
        } = parsed;
        return { ...rest, redis, warmOnStart };
      }),
    ),
  );
}

function parseWarmOnStart(given: boolean | WarmOptions): Result<WarmOptions | undefined, ConfigError> {
  if (given === false) return ok(undefined);
  const options = given === true ? {} : given;
  return parseWarmOptions(options)
    .map(() => options)
    .mapErr(({ field, message }): ConfigError => ({
      type: 'Config',
      key: `cache.warmOnStart.${field}`,
      message,
    }));
}

function parse<T>(key: readonly string[], schema: z.ZodType<T>, value: unknown): Result<T, ConfigError> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const issue = furthest(parsed.error.issues[0]);
  // A name that is misspelt is the option to point at, not the group it stands in.
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const path = [...key, ...(issue?.path ?? []), ...unknown].map(String);
  return err({
    type: 'Config',
    key: path.join('.') || 'options',
    message: unknown.length > 0 ? 'is no option' : (issue?.message ?? 'is invalid'),
  });
}

type Issue = z.core.$ZodIssue;

/** Of the reasons why a value has none of several forms, the one that looked furthest into it. */
function furthest(issue: Issue | undefined): Issue | undefined {
  if (issue?.code !== 'invalid_union') return issue;
  const depth = (one: Issue): number => one.path.length + (one.code === 'unrecognized_keys' ? 1 : 0);
  return issue.errors
    .map(([first]) => furthest(first))
    .filter((first) => first !== undefined)
    .map((first): Issue => ({ ...first, path: [...issue.path, ...first.path] }))
    .reduce((best, one) => (depth(one) >= depth(best) ? one : best), issue);
}

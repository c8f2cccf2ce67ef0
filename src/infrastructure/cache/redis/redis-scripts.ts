import { ROUNDING } from '../../rate-limits/leaky-bucket.ts';

/**
 * A version is `max(previous + 1, the server's clock in microseconds)`: it only grows, and one that was evicted does not
 * come back equal to an old stamp. The numbers stay below 2^53, so Lua's doubles hold them exactly, but only `%.0f`
 * prints all their digits.
 *
 * KEYS: version keys of one hash slot. ARGV[1]: lifetime of a version in milliseconds. ARGV[2]: the channel on which new
 * versions are announced, a line `<version> <key>` each. Answers the versions, separated by spaces.
 */
const script = (version: string): string => `local now = redis.call('TIME')
local clock = tonumber(now[1]) * 1e6 + tonumber(now[2])
local versions = {}
local news = {}
for i, key in ipairs(KEYS) do
  local known = redis.call('GET', key)
${version}
  versions[i] = known
end
if #news > 0 then redis.call('PUBLISH', ARGV[2], table.concat(news, '\\n')) end
return table.concat(versions, ' ')`;

const store = `redis.call('SET', key, known, 'PX', ARGV[1])
    news[#news + 1] = known .. ' ' .. key`;

/** A version in this form equals no stamp: `~<commits under way>~<version>`. */
export const isPending = (version: string): boolean => version.startsWith('~');

const readPending = `local pending, number = string.match(known or '0', '^~(%d+)~(%d+)$')
    pending, number = tonumber(pending or 0), tonumber(number or known or 0) or 0`;

/**
 * Raises every version and renews its lifetime. ARGV[3]: 1 from who has marked the versions before, and takes the mark
 * back; 0 from others. ARGV[4]: how long the marks of others may still last, in milliseconds.
 */
export const bumpScript = script(`  do
    ${readPending}
    pending = pending - ARGV[3]
    known = string.format('%.0f', math.max(number + 1, clock))
    ${store}
    if pending > 0 then redis.call('SET', key, '~' .. pending .. '~' .. known, 'PX', ARGV[4]) end
  end`);

/** Creates the versions that are missing and leaves the others alone. */
export const ensureScript = script(`  if not known then
    known = string.format('%.0f', clock)
    ${store}
  end`);

/**
 * Marks versions as about to change. Readers leave the cache alone until a bump takes the mark back; after ARGV[4]
 * milliseconds the version is gone, and made anew. Nothing is announced: who marks has no memory beside Redis.
 */
export const markScript = script(`  do
    ${readPending}
    known = '~' .. (pending + 1) .. '~' .. string.format('%.0f', number)
    redis.call('SET', key, known, 'PX', ARGV[4])
  end`);

/**
 * `pour` of `leaky-bucket.ts`, where all processes share the bucket and the clock is the server's. A bucket is `<level>
 * <milliseconds since 1970>` and is gone when it is empty.
 *
 * KEYS[1]: the bucket. ARGV: limit, per how many milliseconds, burst, cost. Answers `<1 or 0> <level> <milliseconds>`.
 */
export const pourScript = `local limit, per, burst, cost = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local time = redis.call('TIME')
local now = time[1] * 1e3 + time[2] / 1e3
local level, last = string.match(redis.call('GET', KEYS[1]) or '', '^(%S+) (%S+)$')
level = math.max(0, (level or 0) - math.max(0, now - (last or now)) * limit / per)
now = math.max(now, tonumber(last) or now)
local allowed = level + cost <= burst + ${ROUNDING}
if allowed then
  level = level + cost
  redis.call('SET', KEYS[1], string.format('%.17g %.3f', level, now), 'PX', math.ceil(level * per / limit))
end
return string.format('%d %.17g %.3f', allowed and 1 or 0, level, now)`;

/** Lets a script run when memory is full: an invalidation must not fail for the want of a few bytes. Redis 7 and later. */
export const allowedWhenFull = (lua: string): string => `#!lua flags=allow-oom\n${lua}`;

/**
 * A version is `max(previous + 1, the server's clock in microseconds)`: it only grows, and one that was evicted does not
 * come back equal to an old stamp. The numbers stay below 2^53, so Lua's doubles hold them exactly, but only `%.0f`
 * prints all their digits.
 *
 * KEYS: version keys of one hash slot. ARGV[1]: lifetime of a version in milliseconds. Answers the versions, separated
 * by spaces.
 */
const script = (version: string): string => `local now = redis.call('TIME')
local clock = tonumber(now[1]) * 1e6 + tonumber(now[2])
local versions = {}
for i, key in ipairs(KEYS) do
  local known = redis.call('GET', key)
${version}
  versions[i] = known
end
return table.concat(versions, ' ')`;

/** Raises every version and renews its lifetime. */
export const bumpScript =
  script(`  known = string.format('%.0f', math.max((tonumber(known or 0) or 0) + 1, clock))
  redis.call('SET', key, known, 'PX', ARGV[1])`);

/** Creates the versions that are missing and leaves the others alone. */
export const ensureScript = script(`  if not known then
    known = string.format('%.0f', clock)
    redis.call('SET', key, known, 'PX', ARGV[1])
  end`);

/** Lets a script run when memory is full: an invalidation must not fail for the want of a few bytes. Redis 7 and later. */
export const allowedWhenFull = (lua: string): string => `#!lua flags=allow-oom\n${lua}`;

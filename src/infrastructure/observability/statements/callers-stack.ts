const MAX_FRAMES = 10;

/** Frames to look through for the first that is not the SDK's. */
const DEPTH = 50;

/** Where the SDK's own files are, whether as TypeScript or built. */
const OWN = new URL('../../..', import.meta.url);

/** What the SDK is called through. */
const between = /\(?node:|[\\/]node_modules[\\/](neverthrow|cockatiel)[\\/]|<anonymous>\)?$/;

/**
 * The frames of whoever has called the SDK, the innermost first. Noting them takes a few microseconds, and writing them out,
 * which the answer does, some more.
 */
export function callersStack(): () => readonly string[] {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = DEPTH;
  const trace = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  return () =>
    (trace.stack ?? '')
      .split('\n')
      .slice(1)
      .map((frame) => frame.trim().replace(/^at /, ''))
      .filter((frame) => !frame.includes(OWN.href) && !frame.includes(OWN.pathname) && !between.test(frame))
      .slice(0, MAX_FRAMES);
}

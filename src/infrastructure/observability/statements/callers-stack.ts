const MAX_FRAMES = 10;

/** Frames to look through for the first that is not the SDK's. */
const DEPTH = 50;

/** Where the SDK's own files are, whether as TypeScript or built. */
const OWN = new URL('../../..', import.meta.url);

const strangers = /\(?node:|[\\/]node_modules[\\/]neverthrow[\\/]|<anonymous>\)?$/;

/** The frames of whoever called the SDK, the innermost first. Takes some ten microseconds. */
export function callersStack(): readonly string[] {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = DEPTH;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  return stack
    .split('\n')
    .slice(1)
    .map((frame) => frame.trim().replace(/^at /, ''))
    .filter((frame) => !frame.includes(OWN.href) && !frame.includes(OWN.pathname) && !strangers.test(frame))
    .slice(0, MAX_FRAMES);
}

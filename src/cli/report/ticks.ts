const TICKS = 4;

/** From 0 to the first multiple of the step that is not below the largest value. */
const upTo = (max: number, step: number): readonly number[] =>
  Array.from({ length: Math.max(1, Math.ceil(max / step)) + 1 }, (_, index) => index * step);

/** Of whole numbers: steps of 1, 2, 5, 10, 20, 50 … */
export function countTicks(max: number): readonly number[] {
  const rough = Math.max(1, max / TICKS);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? rough;
  return upTo(max, step);
}

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;
const durations = [
  ...[1, 5, 15, 30, 60, 300, 900, 1800].map((seconds) => seconds * SECOND),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
];

/** Of milliseconds, at steps that clocks have. */
export function durationTicks(max: number): readonly number[] {
  const rough = max / TICKS;
  const step = durations.find((one) => one >= rough);
  return step === undefined ? countTicks(Math.ceil(max / DAY)).map((days) => days * DAY) : upTo(max, step);
}

export const shareTicks: readonly number[] = [0, 0.25, 0.5, 0.75, 1];

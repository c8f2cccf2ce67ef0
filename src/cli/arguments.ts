import { InvalidArgumentError } from 'commander';

/** A whole number as commander hands it over. */
export const wholeNumber =
  (least: number, most = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most)
      throw new InvalidArgumentError(`must be a whole number from ${least} to ${most}`);
    return value;
  };

const id = wholeNumber(1);

/** For an option or argument that takes several. */
export const ids = (text: string, before: readonly number[] = []): readonly number[] => [
  ...before,
  ...text.split(',').map(id),
];

/** A date of the calendar, `2030-01-07`. */
export const day = (text: string): string => {
  const date = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? text : Number.NaN);
  // A day that the month does not have would be taken for one of the next month.
  if (Number.isNaN(date.getTime()) || !date.toISOString().startsWith(text))
    throw new InvalidArgumentError('must be a day such as 2030-01-07');
  return text;
};

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

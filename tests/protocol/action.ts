/** One step of an interleaving: a message arrives, somebody starts something, something fails. */
export interface Action {
  /** The same in every interleaving in which it occurs. */
  readonly label: string;
  /** What it changes: a process, a server, who has been told what. */
  readonly touches: readonly string[];
  /** What it only looks at. */
  readonly observes?: readonly string[];
  /** Whether it can happen now; always when left out. */
  readonly ready?: () => boolean;
  run(): void | Promise<void>;
}

export const isReady = ({ ready }: Action): boolean => ready === undefined || ready();

/** Concerns everybody, as time does. */
export const EVERYTHING = '*';

/** The acknowledgements of commits; whoever starts to read looks at them. */
export const ACKNOWLEDGEMENTS = 'acknowledgements';

export const DATABASE = 'database';

/** Whether the order of two actions makes a difference to anybody. */
export function dependent(a: Action, b: Action): boolean {
  if (a.touches.includes(EVERYTHING) || b.touches.includes(EVERYTHING)) return true;
  const meets = (one: Action, other: Action): boolean =>
    one.touches.some((place) => other.touches.includes(place) || other.observes?.includes(place) === true);
  return meets(a, b) || meets(b, a);
}

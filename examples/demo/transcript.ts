import { styleText } from 'node:util';
import { describeError, type Result, type SlotwiseError } from '../../src/index.ts';

/** What the demo says about the SDK did not come true. Its message is for people; nobody needs the stack. */
export class Unfulfilled extends Error {}

type Style = Parameters<typeof styleText>[0];

/** Colours are for terminals; a pipe or a file gets plain text. */
const styled = (style: Style, text: string): string => (process.stdout.isTTY ? styleText(style, text) : text);

/** What the demo prints, and the expectations it checks while it prints. */
export class Transcript {
  #steps = 0;
  #checks = 0;
  #step = 'the start';

  title(text: string): void {
    console.log(`\n${styled('bold', text)}`);
  }

  step(title: string): void {
    this.#steps += 1;
    this.#step = `step ${this.#steps} (${title})`;
    console.log(`\n${styled(['bold', 'cyan'], `${this.#steps}  ${title}`)}`);
  }

  say(text = ''): void {
    console.log(text === '' ? '' : `   ${text}`);
  }

  /** Columns as wide as their widest cell; the last one may be as long as it likes. */
  table(rows: readonly (readonly string[])[]): void {
    const widths: number[] = [];
    for (const row of rows)
      for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
    for (const row of rows)
      this.say(
        row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('   ')
          .trimEnd(),
      );
  }

  /** Goes on only if the expectation holds. */
  check(holds: boolean, expectation: string): void {
    this.#checks += 1;
    console.log(`   ${holds ? styled('green', '✓') : styled('red', '✗')} ${expectation}`);
    if (!holds) throw new Unfulfilled(`${this.#step}: this did not hold: ${expectation}`);
  }

  /** The value of an operation that has no reason to fail. */
  must<T, E extends SlotwiseError>(result: Result<T, E>, doing: string): T {
    return result.match(
      (value) => value,
      (error) => {
        throw new Unfulfilled(`${this.#step}: ${doing} answered ${error.type}: ${describeError(error)}`);
      },
    );
  }

  /** The error of an operation that has every reason to fail. */
  mustFail<T, E extends SlotwiseError>(result: Result<T, E>, doing: string): E {
    return result.match(
      () => {
        throw new Unfulfilled(`${this.#step}: ${doing} was accepted`);
      },
      (error) => error,
    );
  }

  get checks(): number {
    return this.#checks;
  }
}

export function ms(milliseconds: number): string {
  if (milliseconds < 0.1) return `${(milliseconds * 1000).toFixed(1)} µs`;
  return milliseconds < 10 ? `${milliseconds.toFixed(2)} ms` : `${count(Math.round(milliseconds))} ms`;
}

export const count = (value: number): string => value.toLocaleString('en-US');

import { styleText } from 'node:util';
import { err, ok, ResultAsync, type Result } from 'neverthrow';
import { refused, type RefusedError } from './cli-error.ts';

/** Where text goes, and whether somebody sees it as it comes. */
export type Stream = NodeJS.WritableStream & { readonly isTTY?: boolean };

type Colour = 'green' | 'yellow' | 'red';

const CLEAR_SCREEN = '\u001B[H\u001B[J';
const CLEAR_LINE = '\r\u001B[K';

/** stdout is for what was asked for, stderr for everything else. */
export class Output {
  readonly #stdout: Stream;
  readonly #stderr: Stream;
  #progressShown = false;

  constructor(stdout: Stream, stderr: Stream) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    // Whoever reads a pipe may close it: then the write answers so, and nothing else is to be said.
    for (const stream of [stdout, stderr]) stream.on('error', () => undefined);
  }

  /** Answers once it has been handed to the system. */
  write(text: string): ResultAsync<void, RefusedError> {
    return new ResultAsync(
      new Promise<Result<void, RefusedError>>((resolve) => {
        this.#endProgress();
        this.#stdout.write(text, (failure) =>
          resolve(failure ? err(refused(`stdout is closed: ${failure.message}`)) : ok()),
        );
      }),
    );
  }

  json(value: unknown, indent = 2): ResultAsync<void, RefusedError> {
    return this.write(`${JSON.stringify(value, undefined, indent)}\n`);
  }

  /** In place of the view before on a terminal; one after the other, with a line between them, elsewhere. */
  view(text: string): ResultAsync<void, RefusedError> {
    return this.write(this.#stdout.isTTY ? `${CLEAR_SCREEN}${text}\n` : `${text}\n\n`);
  }

  note(text: string): void {
    this.#endProgress();
    this.#stderr.write(`${text}\n`);
  }

  /** Shown in place of what it showed before, and only to somebody who looks on. */
  progress(text: string): void {
    if (!this.#stderr.isTTY) return;
    this.#stderr.write(`${CLEAR_LINE}${text}`);
    this.#progressShown = true;
  }

  /** Colours on a terminal, unless `NO_COLOR` is set. */
  paint(colour: Colour, text: string): string {
    return styleText(colour, text, { stream: this.#stdout });
  }

  #endProgress(): void {
    if (this.#progressShown) this.#stderr.write(CLEAR_LINE);
    this.#progressShown = false;
  }
}

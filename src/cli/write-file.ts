import { randomUUID } from 'node:crypto';
import { link, rename, rm, writeFile } from 'node:fs/promises';
import { err, ok, ResultAsync, type Result } from 'neverthrow';
import { refused, type RefusedError } from './cli-error.ts';

/**
 * Writes a whole file or nothing: whoever reads it meanwhile sees what was there before. A file that is there is only
 * replaced when `replace` says so.
 */
export const writeWhole = (path: string, text: string, replace: boolean): ResultAsync<void, RefusedError> =>
  new ResultAsync(write(path, text, replace));

async function write(path: string, text: string, replace: boolean): Promise<Result<void, RefusedError>> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, text, { flag: 'wx' });
    // A link, unlike a new name, does not take the place of what is there.
    await (replace ? rename(temporary, path) : link(temporary, path));
    return ok();
  } catch (cause) {
    return err(refused(reasonOf(path, cause as NodeJS.ErrnoException)));
  } finally {
    await rm(temporary, { force: true });
  }
}

const reasonOf = (path: string, { code, message }: NodeJS.ErrnoException): string =>
  code === 'EEXIST'
    ? `${path} is there already: give --force to replace it`
    : `${path} could not be written: ${message}`;

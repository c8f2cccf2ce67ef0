import { okAsync, type ResultAsync } from 'neverthrow';
import { chunks } from '../../cache/chunks.ts';

/** Rows of several columns each: PostgreSQL takes at most 65,535 parameters. */
export const ROWS_PER_STATEMENT = 1_000;

/** One batch after the other, so that a long list does not take every connection there is. Answers come in order. */
export const inBatches = <In, Out, E>(
  items: readonly In[],
  size: number,
  work: (batch: readonly In[]) => ResultAsync<readonly Out[], E>,
): ResultAsync<readonly Out[], E> =>
  [...chunks(items, size)].reduce<ResultAsync<Out[], E>>(
    (before, batch) =>
      before.andThen((done) =>
        work(batch).map((more) => {
          for (const one of more) done.push(one);
          return done;
        }),
      ),
    okAsync<Out[], E>([]),
  );

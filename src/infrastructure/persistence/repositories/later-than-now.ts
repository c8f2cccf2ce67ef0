import type { Db } from '../rows/tables.ts';

/** So many milliseconds after now by the database's clock, or before it, as part of a statement. */
export const laterThanNow = (db: Db, milliseconds: number) =>
  db.selectNoFrom((eb) => {
    // Years, months, weeks, days, hours, minutes, seconds.
    const none = eb.lit(0);
    const seconds = eb.val(milliseconds / 1000);
    const span = eb.fn<string>('make_interval', [none, none, none, none, none, none, seconds]);
    return eb(eb.fn<string>('clock_timestamp'), '+', span).as('at');
  });

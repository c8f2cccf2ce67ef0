import { besideRows } from './beside-rows.ts';
import { serve } from './serve.ts';

/** One statement, and the row as the driver answers it. */
serve(besideRows((_setUp, _place, load) => ({ read: load, invalidate: () => Promise.resolve() })));

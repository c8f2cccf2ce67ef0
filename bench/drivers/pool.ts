import { createRequire } from 'node:module';
import type pg from 'pg';

/** The driver that `@mikro-orm/postgresql` brings along, so that everybody uses the same one. */
export const { Pool } = createRequire(import.meta.resolve('@mikro-orm/postgresql'))('pg') as typeof pg;

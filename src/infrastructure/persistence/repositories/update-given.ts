/**
 * Replaces every row that `given` names by its id, raises its version, and answers the rows as they are then.
 *
 * @param given rows with all of these columns but the version, as `jsonb_to_recordset` reads them from the first parameter
 */
export const updateGiven = (
  schema: string,
  table: string,
  columns: readonly string[],
  given: string,
): string =>
  `update "${schema}".${table} set version = ${table}.version + 1, ${columns
    .filter((column) => column !== 'id' && column !== 'version')
    .map((column) => `${column} = given.${column}`)
    .join(', ')}
   from ${given} where ${table}.id = given.id
   returning ${columns.map((column) => `${table}.${column}`).join(', ')}`;

export interface PlannedMigration {
  readonly name: string;
  /** SQL, in the order in which it would run. */
  readonly statements: readonly string[];
}

/** What bringing the schema up to date would do. */
export interface MigrationPlan {
  /** Names of the migrations that were applied before, in the order in which they were. */
  readonly applied: readonly string[];
  /** SQL that runs in front of what is pending: the schema, and the table that remembers what was applied. */
  readonly preparation: readonly string[];
  /** What is missing, in the order in which it would be applied. */
  readonly pending: readonly PlannedMigration[];
}

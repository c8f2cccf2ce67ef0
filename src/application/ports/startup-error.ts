/** An option or environment variable has a value that cannot be used. */
export interface ConfigError {
  readonly type: 'Config';
  /** Path of the option, or name of the variable. */
  readonly key: string;
  readonly message: string;
}

/** An optional package that the chosen options need is not installed. */
export interface MissingPackage {
  readonly type: 'MissingPackage';
  readonly packages: readonly string[];
  /** What to run to install them. */
  readonly install: string;
}

/** The database could not be reached at start. Redis that is away is no error: the SDK starts without it. */
export interface DatabaseUnreachable {
  readonly type: 'DatabaseUnreachable';
  readonly message: string;
  readonly cause: unknown;
}

export type StartupError = ConfigError | MissingPackage | DatabaseUnreachable;

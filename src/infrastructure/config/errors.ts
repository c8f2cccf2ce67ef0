export type {
  ConfigError,
  DatabaseUnreachable,
  MissingPackage,
  StartupError,
} from '../../application/ports/startup-error.ts';

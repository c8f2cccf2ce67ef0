/** Something that connects when it is started and lets go when it is stopped. */
export interface Startable {
  /** Resolves when it is up or the first attempt came to nothing, `limitMs` at the latest; never rejects. */
  start(limitMs: number): Promise<void>;
  stop(): void;
}

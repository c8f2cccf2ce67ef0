/** A connection outside the pool: one that listens, or must answer while the pool is full. */
export interface DirectClient {
  connect(): Promise<unknown>;
  query(text: string): Promise<unknown>;
  end(): Promise<void>;
  /** It must not keep the host's process alive. */
  unref(): void;
  on(event: 'notification', listener: (message: { readonly payload?: string | undefined }) => void): unknown;
  on(event: 'error' | 'end', listener: (cause?: unknown) => void): unknown;
}

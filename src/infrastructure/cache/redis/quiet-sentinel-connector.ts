import { SentinelConnector, type Redis } from 'ioredis';

type ConnectToSentinel = (...args: unknown[]) => Redis;

/**
 * Finds the master through Sentinels and listens to them for failovers, as ioredis does, but keeps to itself when one of
 * them cannot be reached. ioredis makes the connections for that inside and listens to no `error` event of theirs, which
 * makes it write to the host's standard error again and again while one Sentinel of several is away.
 */
export class QuietSentinelConnector extends SentinelConnector {
  constructor(options: unknown) {
    super(options as ConstructorParameters<typeof SentinelConnector>[0]);
    const inside = this as unknown as { connectToSentinel?: ConnectToSentinel };
    const connect = inside.connectToSentinel?.bind(this);
    // Not part of its interface: where it is missing, there is noise and nothing else.
    if (connect !== undefined)
      inside.connectToSentinel = (...args) => connect(...args).on('error', () => undefined);
  }
}

import type { TcpProxy } from './tcp-proxy.ts';

/** The beginning of a request: how many parts it has, and its name. */
const REQUEST = /\*\d+\r\n\$\d+\r\n([a-z]+)\r\n/gi;

/** Commands that say nothing about reads and writes: a connection that is made or kept. */
const HOUSEKEEPING = new Set(['ping', 'info', 'client', 'hello', 'auth', 'select', 'subscribe', 'role']);

/** The commands that pass a network on their way to Redis. */
export class CommandTap {
  #commands: string[] = [];

  constructor(proxy: TcpProxy) {
    proxy.onRequest((chunk) => {
      for (const [, name = ''] of chunk.toString('latin1').matchAll(REQUEST))
        if (!HOUSEKEEPING.has(name.toLowerCase())) this.#commands.push(name.toLowerCase());
    });
  }

  /** What has passed since it was asked for the last time. */
  take(): readonly string[] {
    const taken = this.#commands;
    this.#commands = [];
    return taken;
  }
}

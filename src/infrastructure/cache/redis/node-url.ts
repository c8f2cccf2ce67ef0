import type { Login, NodeAddress } from './redis-target.ts';

/** A server and what its URL says beside its address. */
export type NamedNode = NodeAddress & Login;

/** Reads `host`, `host:port`, `redis://user:password@host:port` or the same with `rediss`; `undefined` for anything else. */
export function readNode(text: string, defaultPort: number): NamedNode | undefined {
  const address = isRedisUrl(text) ? text : `redis://${text}`;
  if (!isRedisUrl(address)) return undefined;
  const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(address);
  if (hostname === '' || !/^\/?$/.test(pathname) || search !== '' || hash !== '') return undefined;
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? defaultPort : Number(port),
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  };
}

/** Whether ioredis can read it: it throws at what is no URL, and at a percent sign that escapes nothing. */
export function isRedisUrl(text: string): boolean {
  if (!/^rediss?:\/\//.test(text) || !URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}

/** What is said for all servers counts, and where that is silent, what the first one says for itself. */
export const loginFor = (all: Login, [first]: readonly Partial<NamedNode>[]): Login => ({
  username: all.username ?? first?.username,
  password: all.password ?? first?.password,
  tls: all.tls ?? first?.tls,
});

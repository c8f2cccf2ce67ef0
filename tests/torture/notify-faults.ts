import type { TcpProxy } from '../support/tcp-proxy.ts';
import {
  again,
  calm,
  delayListeners,
  proxies,
  renamed,
  silenceListeners,
  slowDatabase,
  stopReader,
  stormOf,
  toEachVictim,
  type Fault,
} from './fault.ts';
import { renameAndDie } from './killed-writer.ts';
import { monotonicNow } from './history.ts';
import type { Stage } from './stage.ts';

/** Ends the sessions that listen, from PostgreSQL's side; answers how many there were. */
async function terminateListeners(stage: Stage): Promise<number> {
  const ports = proxies(stage).flatMap(({ listeningPorts }) => listeningPorts);
  const ended = await stage.database.rows(
    'select pg_terminate_backend(pid) from pg_stat_activity where client_port = any($1)',
    [ports],
  );
  return ended.length;
}

function cutListeners(proxy: TcpProxy): number {
  const { length } = proxy.listeningPorts;
  proxy.cut('listening');
  return length;
}

/** The database gets the commit, and nobody hears that it has. */
const holdBackCommitted = (proxy: TcpProxy): void =>
  proxy.onRequest((chunk) => {
    if (/\bcommit\b/.test(chunk.toString('latin1'))) proxy.swallow(['answers']);
  });

const singleFaults: readonly Fault[] = [
  renamed(calm, 'notify-nothing'),
  {
    name: 'notify-terminate',
    description: 'the sessions that listen for notifications are ended (pg_terminate_backend)',
    reach: 'all',
    act: async (stage, milliseconds) => ({
      hits: await again(milliseconds, 250, () => terminateListeners(stage)),
    }),
  },
  {
    name: 'notify-cut-one',
    description: "one process's connection for notifications is cut again and again",
    reach: 'all',
    act: async (stage, milliseconds) => ({
      hits: await toEachVictim(stage, milliseconds, (proxy, shareMs) =>
        again(shareMs, 200, () => cutListeners(proxy)),
      ),
    }),
  },
  {
    name: 'notify-silent',
    description: 'the connections for notifications are silent',
    reach: 'all',
    act: silenceListeners,
  },
  {
    name: 'notify-late',
    description: 'notifications arrive nearly as late as memory may go without',
    reach: 'all',
    act: delayListeners,
  },
  {
    name: 'notify-kill-writer',
    description: 'a writer is killed (SIGKILL) before it hears that it has committed',
    reach: 'all',
    async act(stage, milliseconds) {
      const until = monotonicNow() + milliseconds;
      let diedAt: number;
      do diedAt = await renameAndDie(stage, holdBackCommitted);
      while (monotonicNow() < until);
      return { diedAt };
    },
  },
  renamed(stopReader, 'notify-stop-reader'),
  renamed(slowDatabase, 'notify-slow-database'),
];

/** Where there is no Redis, and processes tell each other through PostgreSQL. */
export const notifyFaults: readonly Fault[] = [...singleFaults, stormOf('notify-storm', singleFaults)];

import { readFile, statfs } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { hostMemoryShare } from './process-use.ts';

/** The machine under the process, which others share. */
export interface HostUse {
  readonly memoryShare: number;
  /** Processes that ran or waited to run in the last minute, on average; 0 on Windows. */
  readonly loadAverage: number;
  /** The file system of the working directory; absent where the platform does not tell. */
  readonly disk?: { readonly totalBytes: number; readonly freeBytes: number };
  /** All interfaces but the loopback since the machine started; Linux only. */
  readonly network?: { readonly receivedBytes: number; readonly sentBytes: number };
}

/** Where Linux tells of its network interfaces. */
const INTERFACES = '/proc/net/dev';

export async function hostUse(): Promise<HostUse> {
  const [disk, network] = await Promise.all([diskUse(), networkUse()]);
  return {
    memoryShare: hostMemoryShare(),
    loadAverage: loadavg()[0] ?? 0,
    ...(disk === undefined ? {} : { disk }),
    ...(network === undefined ? {} : { network }),
  };
}

async function diskUse(): Promise<HostUse['disk']> {
  try {
    const { bsize, blocks, bavail } = await statfs('.');
    return { totalBytes: bsize * blocks, freeBytes: bsize * bavail };
  } catch {
    return undefined;
  }
}

async function networkUse(): Promise<HostUse['network']> {
  try {
    return readInterfaces(await readFile(INTERFACES, 'utf8'));
  } catch {
    return undefined;
  }
}

/** A line for each interface: its name, eight figures of what was received, eight of what was sent; bytes come first. */
export function readInterfaces(text: string): NonNullable<HostUse['network']> {
  const lines = [...text.matchAll(/^\s*(\S+):\s*(\d+)(?:\s+\d+){7}\s+(\d+)/gm)];
  const total = (column: number): number =>
    lines.filter(([, name]) => name !== 'lo').reduce((sum, line) => sum + Number(line[column]), 0);
  return { receivedBytes: total(2), sentBytes: total(3) };
}

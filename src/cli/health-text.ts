import type { ComponentHealth, ComponentStatus } from '../index.ts';
import type { Output } from './output.ts';
import { duration } from './text.ts';

/** `up in 1.2 ms`, and why where it is not up. */
export const described = ({ status, latencyMs, detail }: ComponentHealth, output: Output): string =>
  [
    painted(status, output),
    ...(latencyMs === undefined ? [] : [`in ${duration(latencyMs)}`]),
    ...(detail === undefined ? [] : [`(${detail})`]),
  ].join(' ');

const colours = { up: 'green', degraded: 'yellow', down: 'red' } as const;

export const painted = (status: ComponentStatus, output: Output): string =>
  output.paint(colours[status], status);

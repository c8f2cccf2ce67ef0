import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it } from 'vitest';
import { channelNames } from '../../../src/infrastructure/observability/channels.ts';
import { signalsOf } from '../../../src/infrastructure/observability/signals.ts';
import { metricsAlone } from './sdk-metrics.ts';

const event = { operation: 'now', durationMs: 1, failed: false };

describe('a signal', () => {
  it('is not wanted while nobody listens', () => {
    const { statement } = signalsOf({ cacheRead: () => undefined });
    expect(statement.wanted).toBe(false);
    const heard: unknown[] = [];
    const listen = (message: unknown): void => void heard.push(message);
    subscribe(channelNames.statement, listen);
    try {
      expect(statement.wanted).toBe(true);
      statement.send(event);
    } finally {
      unsubscribe(channelNames.statement, listen);
    }
    statement.send(event);
    expect(heard).toEqual([event]);
    expect(statement.wanted).toBe(false);
  });

  it('reaches the host beside the metrics, and a host that throws harms nobody', () => {
    const { recorder, metrics } = metricsAlone();
    const host = {
      heard: 0,
      statement() {
        this.heard += 1;
        throw new Error('broken');
      },
    };
    const { statement } = signalsOf(host, recorder);
    statement.send(event);
    statement.send(event);
    expect(host.heard).toBe(2);
    expect(metrics.summary().database.statements.all.count).toBe(2);
  });
});

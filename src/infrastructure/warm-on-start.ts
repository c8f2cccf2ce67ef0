import type { WarmCache, WarmOptions } from '../application/caching/warm-cache.ts';
import type { Logger } from '../application/ports/logger.ts';

/** Warms the cache in the background, as far as it goes; answers how to stop that. */
export function warmOnStart(warm: WarmCache, options: WarmOptions, logger: Logger): () => void {
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  void warm({ ...options, signal }).match(
    (report) =>
      report.failed === 0
        ? logger.info({ ...report }, 'the cache was warmed')
        : logger.warn({ ...report }, 'the cache was warmed in part'),
    (error) => logger.error({ err: error }, 'the cache was not warmed'),
  );
  return () => stop.abort();
}

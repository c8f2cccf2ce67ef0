import type { CommitReport, Recruiter, Slotwise, SlotwiseOptions } from '../../src/index.ts';
import { startRedis } from '../support/redis-server.ts';
import { Recorder } from './recorder.ts';
import { openOn, settled, until, type Stage } from './stage.ts';
import { ms, type Transcript } from './transcript.ts';

const READS = 12;

/** A Redis of its own, an SDK of its own: the server must not be missed by anybody else. */
export async function freezeRedis(stage: Stage, cleanUp: AsyncDisposableStack): Promise<void> {
  const { transcript, options } = stage;
  transcript.step('Redis freezes: it keeps its connections and answers nothing');
  const redis = await startRedis();
  if (redis === undefined) {
    transcript.say('left out: redis-server is not installed here');
    return;
  }
  cleanUp.defer(() => redis.stop());
  const recorder = new Recorder();
  const sdk = await openOn(onRedis(options, redis.url), 'demo_frozen', recorder, transcript, cleanUp);
  // A server that is still frozen when a check fails could not be cleaned up.
  cleanUp.defer(() => redis.thaw());
  transcript.must(await sdk.migrate(), 'migrating');
  const recruiter = await addRecruiter(sdk, transcript);
  const ask = () => sdk.read.recruiters.get(recruiter.id);
  await settled({ sdk, shared: true });
  transcript.must(await ask(), 'reading the recruiter');
  const warm = await recorder.watch(ask);
  transcript.check(
    warm.sources.join() === 'l2',
    `before, Redis on port ${redis.port} answers (${ms(warm.durationMs)})`,
  );

  redis.freeze();
  const reads = [];
  for (let read = 0; read < READS; read += 1) {
    const watched = await recorder.watch(ask);
    reads.push({ ...watched, name: transcript.must(watched.value, 'reading while Redis is frozen').name });
  }
  const { state, breakerOpened } = sdk.cache.stats();
  transcript.say(
    `${READS} reads, one after the other: ${reads.map(({ durationMs }) => ms(durationMs)).join(', ')}`,
  );
  transcript.check(
    reads.every(({ name, sources }) => name === recruiter.name && sources.join() === 'database'),
    'every one of them was answered, by the database',
  );
  transcript.check(
    reads.every(({ durationMs }) => durationMs < 1_000),
    'none waited longer than the budget of 50 ms and a query take',
  );
  transcript.check(
    breakerOpened === 1 && state === 'degraded',
    'after 5 failures the breaker opened: no more waiting',
  );

  const reports: CommitReport[] = [];
  const name = `${recruiter.name} Frost`;
  const renamed = await sdk.transaction(
    (uow) => recruiter.rename(name).asyncAndThen((changed) => uow.recruiters.update(changed)),
    { onCommit: (report) => reports.push(report) },
  );
  transcript.must(renamed, 'renaming while Redis is frozen');
  transcript.check(reports[0]?.invalidation === 'deferred', 'a commit goes through and answers "deferred"');
  const meanwhile = transcript.must(await ask(), 'reading the recruiter');
  transcript.check(meanwhile.name === name, 'and is read back at once, Redis or not');
  const { status, invalidation } = await sdk.health();
  transcript.say(`health: ${status}, ${invalidation.backlog} commit waiting to be told to the cache`);

  redis.thaw();
  const recovery = await until(() => sdk.cache.stats().state === 'up', 'the breaker to close');
  await settled({ sdk, shared: true });
  const first = await recorder.watch(ask);
  const second = await recorder.watch(ask);
  const names = [first, second].map(({ value }) => transcript.must(value, 'reading the recruiter').name);
  transcript.say(`Redis answers again: in use after ${ms(recovery)}, nothing left to tell`);
  transcript.check(
    names.every((shown) => shown === name),
    'the old name, which Redis still held, is never served',
  );
  transcript.check(second.sources.join() === 'l2', `and l2 answers again (${ms(second.durationMs)})`);
}

async function addRecruiter(sdk: Slotwise, transcript: Transcript): Promise<Recruiter> {
  const added = await sdk.transaction((uow) => uow.recruiters.add({ name: 'Nora', timeZone: 'Europe/Oslo' }));
  return transcript.must(added, 'adding a recruiter');
}

/** Without memory in front, which would go on answering for up to a second. */
const onRedis = (options: SlotwiseOptions, url: string): SlotwiseOptions => ({
  ...options,
  cache: { url, l1: false },
});

import type { Board } from './publish-a-week.ts';
import { settled, type Stage } from './stage.ts';
import { ms } from './transcript.ts';

const READS = 200;

export async function switchTheCacheOff(stage: Stage, board: Board): Promise<void> {
  const { sdk, recorder, transcript, warm } = stage;
  transcript.step('The cache is switched off and on again while reads go on');
  const [, { recruiter } = board.offers[0]] = board.offers;
  const ask = () => sdk.read.recruiters.get(recruiter.id);
  const askOften = () =>
    recorder.watch(async () => {
      for (let read = 0; read < READS; read += 1) transcript.must(await ask(), 'reading the recruiter');
    });
  await settled(stage);
  transcript.must(await ask(), 'reading the recruiter');

  const on = await askOften();
  sdk.cache.disable();
  const off = await askOften();
  const { state } = sdk.cache.stats();
  const renamed = await sdk.transaction((uow) =>
    uow.recruiters
      .get(recruiter.id)
      .andThen((found) => found.rename(`${recruiter.name} Keller`))
      .andThen((changed) => uow.recruiters.update(changed)),
  );
  transcript.must(renamed, 'renaming while the cache is off');
  sdk.cache.enable();
  const first = transcript.must(await ask(), 'reading the recruiter');
  await settled(stage);
  transcript.must(await ask(), 'reading the recruiter');
  const onAgain = await askOften();

  const phases = { on, off, 'on again': onAgain };
  transcript.table(
    Object.entries(phases).map(([phase, { durationMs, sources }]) => [
      phase,
      `${sources.length} reads from ${[...new Set(sources)].join(' and ')}`,
      `${ms(durationMs / READS)} each`,
    ]),
  );
  const only = (sources: readonly string[], wanted: string): boolean =>
    sources.length === READS && sources.every((source) => source === wanted);
  transcript.check(only(on.sources, warm), `before, ${warm} answers`);
  transcript.check(
    state === 'off' && only(off.sources, 'database'),
    'while it is off, every read reaches the database',
  );
  transcript.check(
    first.name === `${recruiter.name} Keller`,
    'what was written meanwhile is not missed afterwards',
  );
  transcript.check(only(onAgain.sources, warm), `after, ${warm} answers again`);
}

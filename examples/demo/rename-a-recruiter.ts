import type { CommitReport } from '../../src/index.ts';
import type { Board } from './publish-a-week.ts';
import { settled, type Stage } from './stage.ts';

export async function renameARecruiter(stage: Stage, board: Board): Promise<void> {
  const { sdk, recorder, transcript, warm } = stage;
  transcript.step('A recruiter gets another name while the old one is in the cache');
  const [{ city, recruiter }] = board.offers;
  const name = `${recruiter.name} Berger`;
  const ask = () => sdk.read.recruiters.get(recruiter.id);
  await settled(stage);
  transcript.must(await ask(), 'reading the recruiter');
  const before = await recorder.watch(ask);

  const reports: CommitReport[] = [];
  const renamed = await sdk.transaction(
    (uow) =>
      uow.recruiters
        .get(recruiter.id)
        .andThen((found) => found.rename(name))
        .andThen((changed) => uow.recruiters.update(changed)),
    { onCommit: (report) => reports.push(report) },
  );
  transcript.must(renamed, 'renaming');
  const after = await recorder.watch(ask);
  await settled(stage);
  transcript.must(await ask(), 'reading the recruiter');
  const later = await recorder.watch(ask);

  const seen = [before, after, later].map(({ value, sources }) => {
    const found = transcript.must(value, 'reading the recruiter');
    return { name: found.name, version: found.version, from: sources.join() };
  });
  transcript.table(
    seen.map(({ name: shown, version, from }, index) => [
      ['before', 'right after the commit', 'later'][index] ?? '',
      shown,
      `version ${version}`,
      `from ${from}`,
    ]),
  );
  transcript.check(
    seen[0]?.name === recruiter.name && seen[0].from === warm,
    `the cache (${warm}) had the old name`,
  );
  transcript.check(
    reports.map(({ invalidation }) => invalidation).join() === 'applied',
    'the commit answered "applied"',
  );
  transcript.check(seen[1]?.name === name, 'the next read has the new name');
  transcript.check(seen[2]?.name === name && seen[2].from === warm, `and ${warm} has it from then on`);

  const ofCity = transcript.must(await sdk.read.recruiters.getByCity(city.id), 'reading recruiters by city');
  transcript.check(
    ofCity.some((other) => other.name === name),
    `the cached list of recruiters in ${city.name} has it too`,
  );
}

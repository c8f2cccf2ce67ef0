import type { ResultAsync, SlotwiseError } from '../../src/index.ts';
import type { Board } from './publish-a-week.ts';
import { settled, type Stage } from './stage.ts';
import { count, ms, type Transcript } from './transcript.ts';

const ROUNDS = 1_000;

export async function readColdAndWarm(stage: Stage, board: Board): Promise<void> {
  const { sdk, recorder, transcript, warm } = stage;
  transcript.step('The same question twice: the database answers the first time, the cache from then on');
  const questions = questionsOn(stage, board);
  await settled(stage);
  const rows: string[][] = [['', 'first', 'from', 'again', 'from']];
  const sources: string[] = [];
  for (const { name, ask } of questions) {
    const first = await recorder.watch(ask);
    const again = await recorder.watch(ask);
    sources.push(...first.sources, ...again.sources);
    rows.push([name, ms(first.durationMs), first.sources.join(), ms(again.durationMs), again.sources.join()]);
  }
  transcript.table(rows);
  const expected = questions.flatMap(() => ['database', warm]);
  transcript.check(sources.join() === expected.join(), `first from the database, then from ${warm}`);

  const before = sdk.cache.stats();
  const startedAt = performance.now();
  for (let round = 0; round < ROUNDS; round += 1) for (const { ask } of questions) await ask();
  const durationMs = performance.now() - startedAt;
  const queries = sdk.cache.stats().loads - before.loads;
  const asked = ROUNDS * questions.length;
  const rate = Math.round((asked / durationMs) * 1000);
  transcript.say(
    `${count(asked)} more reads, one after the other: ${ms(durationMs / asked)} each, ${count(rate)} a second`,
  );
  transcript.check(queries === 0, `${count(asked)} reads needed ${queries} queries`);
}

interface Question {
  readonly name: string;
  readonly ask: () => Promise<void>;
}

function questionsOn({ sdk, transcript }: Stage, { offers }: Board): readonly Question[] {
  const { recruiters, cities, slots } = sdk.read;
  const [{ city, recruiter, slots: offered }] = offers;
  const question = questionFor(transcript);
  return [
    question('recruiters.get', () => recruiters.get(recruiter.id)),
    question('recruiters.getByCity', () => recruiters.getByCity(city.id)),
    question('cities.getActive', () => cities.getActive()),
    question('slots.get', () => slots.get(offered[0].id)),
    question('slots.getFreeForRecruiter', () => slots.getFreeForRecruiter(recruiter.id)),
  ];
}

const questionFor =
  (transcript: Transcript) =>
  <T, E extends SlotwiseError>(name: string, ask: () => ResultAsync<T, E>): Question => ({
    name,
    ask: async () => {
      transcript.must(await ask(), name);
    },
  });

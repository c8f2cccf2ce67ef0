import { errAsync, ok, okAsync, safeTry, type ResultAsync } from 'neverthrow';
import { wholeNumber } from '../arguments.ts';
import { measureReads, Place, SourceCounter } from '../benchmark/measure-reads.ts';
import { refused, type CliError } from '../cli-error.ts';
import { defineCommand, type CommandContext, type OpenOptions, type Report } from '../command.ts';
import { amount, table } from '../text.ts';

interface BenchmarkOptions {
  readonly reads: number;
  readonly seconds: number;
}

const RECRUITERS = 100;

export const benchmark = defineCommand<BenchmarkOptions>({
  name: 'benchmark',
  summary: 'measure how long reads take on these servers, from each place that can answer',
  details: `Reads recruiters that are there by their ids, one at a time: cold from the database, without any cache; hot from Redis,
where one is named; hot from the memory of this process. They take turns, and who has really answered is counted. Changes
no data; what is read enters the cache, as it does when any process reads it.`,
  configure: (command) =>
    command
      .option('--reads <number>', 'from each place', wholeNumber(10, 1_000_000), 1000)
      .option('--seconds <number>', 'after which it stops, whatever is left', wholeNumber(1, 3600), 30),
  run: (context, { options: { reads, seconds } }) =>
    safeTry<Report, CliError>(async function* () {
      const places = yield* openPlaces(context);
      const [database] = places;
      const page = yield* database.sdk.read.recruiters.list({}, { limit: RECRUITERS });
      const ids = page.items.map(({ id }) => id);
      if (ids.length === 0)
        return errAsync(refused('there is no recruiter to read: `slotwise seed` makes demo data'));
      const plan = { ids, reads, limitMs: seconds * 1000, signal: context.signal };
      yield* measureReads(places, plan);
      if (places.some((place) => place.reads === 0))
        return errAsync(refused('not every place was read before the time was over: raise --seconds'));
      return ok(reportOf(places, database, ids.length));
    }),
});

type Places = readonly [Place, ...Place[]];

const openPlaces = ({ open, namesRedis }: CommandContext): ResultAsync<Places, CliError> => {
  const place = (name: string, options: OpenOptions): ResultAsync<Place, CliError> => {
    const sources = new SourceCounter();
    const { instrumentation } = sources;
    return open({ ...options, instrumentation }).map((sdk) => new Place(name, sdk, sources));
  };
  return safeTry<Places, CliError>(async function* () {
    return okAsync([
      yield* place('database', { cache: 'none' }),
      ...(namesRedis ? [yield* place('redis', { redis: true, cache: 'redis' })] : []),
      yield* place('memory', namesRedis ? { redis: true } : {}),
    ] as const);
  });
};

function reportOf(places: Places, database: Place, recruiters: number): Report {
  const cold = database.percentiles.p50Ms;
  const measured = places.map(({ name, reads, answered, percentiles }) => ({
    place: name,
    reads,
    answered,
    ...percentiles,
    timesFasterThanDatabase: cold / percentiles.p50Ms,
  }));
  return {
    data: { query: 'recruiters.find', recruiters, atOnce: 1, places: measured },
    text: [
      `Read ${amount(recruiters, 'recruiter')} by id, one read at a time, in turns.`,
      table([
        ['place', 'reads', 'p50', 'p95', 'p99', 'against the database', 'answered by'],
        ...measured.map((one) => [
          one.place,
          one.reads,
          took(one.p50Ms),
          took(one.p95Ms),
          took(one.p99Ms),
          `${one.timesFasterThanDatabase.toFixed(1)} x`,
          answeredBy(one.answered),
        ]),
      ]),
    ].join('\n'),
  };
}

/** Of one unit, so that a column can be compared. */
const took = (ms: number): string => `${ms.toFixed(3)} ms`;

const sourceNames = { l1: 'memory', l2: 'Redis', stale: 'stale entries', database: 'the database' } as const;

const answeredBy = (answered: Place['answered']): string =>
  Object.entries(answered)
    .filter(([, count]) => count > 0)
    .map(([source, count]) => `${sourceNames[source as keyof typeof sourceNames]} (${count})`)
    .join(', ');

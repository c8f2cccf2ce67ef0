import { ok, okAsync, safeTry, type ResultAsync } from 'neverthrow';
import type {
  BookingReport,
  BookingReportGroup,
  BookingReportGrouping,
  DoctorFinding,
  Slotwise,
  TableReport,
  TopStatements,
} from '../../index.ts';
import { usageOf, type CacheUsage } from '../cache-usage.ts';
import type { CliError } from '../cli-error.ts';
import { stepsOf, type LocalDays } from './local-days.ts';

export interface ReportOptions {
  readonly city?: number;
  readonly recruiter?: number;
  /** What the table has a line for; the step of the plots when left out. */
  readonly by?: Exclude<BookingReportGrouping, 'none'>;
}

/** What keeps the database and its surroundings from being faster than they are. */
export interface Bottlenecks {
  readonly statements: TopStatements;
  readonly tables: readonly TableReport[];
  /** Absent where no Redis is named, or none answers. */
  readonly cache?: CacheUsage;
  /** Warnings and what is critical. */
  readonly findings: readonly DoctorFinding[];
}

export interface NamedGroup extends BookingReportGroup {
  /** Of the city or recruiter; of a day or week its date. */
  readonly name: string;
}

export interface CollectedReport {
  readonly days: LocalDays;
  /** What it is narrowed to: `Berlin`, or nothing. */
  readonly about: readonly string[];
  readonly total: BookingReport['total'];
  readonly by: Exclude<BookingReportGrouping, 'none'>;
  readonly groups: readonly NamedGroup[];
  /** For plots: every day or week of the period, also those without a slot. */
  readonly series: readonly SeriesPoint[];
  readonly bottlenecks: Bottlenecks;
}

export interface SeriesPoint {
  readonly key: string;
  readonly figures?: BookingReportGroup;
}

const MOST_DAYS = 42;

/** Asks one question after the other: the groups may know of a booking that the plots do not. */
export const collectReport = (
  sdk: Slotwise,
  days: LocalDays,
  options: ReportOptions,
  namesRedis: boolean,
): ResultAsync<CollectedReport, CliError> =>
  safeTry<CollectedReport, CliError>(async function* () {
    const step = stepsOf(days, 'day').length > MOST_DAYS ? 'week' : 'day';
    const { city, recruiter, by = step } = options;
    const { from, until, timeZone } = days;
    const query = {
      from,
      until,
      timeZone,
      ...(city === undefined ? {} : { cityId: city }),
      ...(recruiter === undefined ? {} : { recruiterId: recruiter }),
    };
    const { total, groups } = yield* sdk.reports.bookings({ ...query, groupBy: by });
    const plotted =
      by === 'day' || by === 'week'
        ? groups
        : (yield* sdk.reports.bookings({ ...query, groupBy: step })).groups;
    const known = new Map(plotted.map((group) => [group.key, group]));
    const series = stepsOf(days, by === 'day' || by === 'week' ? by : step).map((key) => {
      const figures = known.get(key);
      return figures === undefined ? { key } : { key, figures };
    });
    const named = yield* namesOf(sdk, groups, by);
    const about = yield* aboutOf(sdk, options);
    const bottlenecks = yield* bottlenecksOf(sdk, namesRedis);
    return ok({ days, about, total, by, groups: named, series, bottlenecks });
  });

function namesOf(
  { read }: Slotwise,
  groups: readonly BookingReportGroup[],
  by: BookingReportGrouping,
): ResultAsync<readonly NamedGroup[], CliError> {
  if (by !== 'city' && by !== 'recruiter')
    return okAsync(groups.map((group) => ({ ...group, name: String(group.key) })));
  const ids = groups.map(({ key }) => Number(key));
  const found: ResultAsync<ReadonlyMap<number, { readonly name: string }>, CliError> = by === 'city'
    ? read.cities.getMany(ids)
    : read.recruiters.getMany(ids);
  return found.map((entities) => {
    const names = groups.map(({ key }) => entities.get(Number(key))?.name ?? '');
    // Two people may have one name.
    const nameOf = (name: string, id: string | number): string =>
      name !== '' && names.indexOf(name) === names.lastIndexOf(name) ? name : `${name} (#${id})`.trimStart();
    return groups.map((group, index) => ({ ...group, name: nameOf(names[index] ?? '', group.key) }));
  });
}

const aboutOf = (
  { read }: Slotwise,
  { city, recruiter }: ReportOptions,
): ResultAsync<readonly string[], CliError> =>
  safeTry<readonly string[], CliError>(async function* () {
    return ok([
      ...(city === undefined ? [] : [(yield* read.cities.get(city)).name]),
      ...(recruiter === undefined ? [] : [(yield* read.recruiters.get(recruiter)).name]),
    ]);
  });

const bottlenecksOf = (sdk: Slotwise, namesRedis: boolean): ResultAsync<Bottlenecks, CliError> =>
  safeTry<Bottlenecks, CliError>(async function* () {
    const { diagnostics, cache } = sdk;
    const statements = yield* diagnostics.topStatements();
    const tables = yield* diagnostics.tableStatistics();
    const findings = yield* diagnostics.doctor();
    const usage = namesRedis
      ? yield* cache
          .servers()
          .map(usageOf)
          .orElse(() => okAsync(undefined))
      : undefined;
    return ok({
      statements,
      tables,
      findings: findings.filter(({ level }) => level !== 'ok'),
      ...(usage === undefined ? {} : { cache: usage }),
    });
  });

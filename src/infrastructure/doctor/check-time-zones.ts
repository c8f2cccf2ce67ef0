import type { DoctorFinding } from '../../application/ports/diagnostics.ts';
import { parseTimeZone } from '../../domain/shared/time-zone.ts';
import { foundOr, well, type Check } from './check.ts';

interface UsedZone {
  readonly zone: string;
  /** Whether PostgreSQL knows it. */
  readonly known: boolean;
}

const usedZones = (schema: string): string => `
  select used.zone, names.name is not null as known
  from (
    select time_zone as zone from "${schema}".city
    union select time_zone from "${schema}".recruiter
    union select time_zone from "${schema}".candidate where time_zone is not null
  ) used left join pg_timezone_names names on names.name = used.zone
  order by used.zone`;

/** Whether the process and PostgreSQL both have the rules of every zone that somebody lives in. */
export const checkTimeZones: Check = ({ catalogue }) =>
  catalogue.rows<UsedZone>('timeZones', usedZones(catalogue.schema)).map((used) => {
    const unknownHere = used.filter(({ zone }) => parseTimeZone(zone).isErr());
    const unknownThere = used.filter(({ known }) => !known);
    return foundOr(
      [
        ...unknownHere.map(({ zone }) => inProcess(zone)),
        ...unknownThere.map(({ zone }) => inDatabase(zone)),
      ],
      well('time-zones', `the process and PostgreSQL know all ${used.length} time zones in use`),
    );
  });

const inProcess = (zone: string): DoctorFinding => ({
  check: 'time-zones',
  level: 'critical',
  message: `this process does not know the time zone ${zone}: rows with it cannot be read`,
  remedy: 'use a Node with full and current ICU data, or correct the rows',
});

const inDatabase = (zone: string): DoctorFinding => ({
  check: 'time-zones',
  level: 'warning',
  message: `PostgreSQL does not know the time zone ${zone}: statements that convert to it fail`,
  remedy: 'update the time-zone data of the server',
});

import { okAsync, type ResultAsync } from 'neverthrow';
import type { ExpireReport, Slotwise } from '../../index.ts';
import type { CliError } from '../cli-error.ts';
import { defineCommand } from '../command.ts';

const SLOTS_AT_ONCE = 100;

export const expire = defineCommand({
  name: 'expire',
  summary: 'write down what time has decided about bookings',
  details: `Holds, requests and offers that lapsed become expired, interviews that are over completed, and events tell of it. Nothing
waits for this; run it every now and then, in as many places as you like.`,
  run: ({ open }) =>
    open()
      .andThen((sdk) => expireAll(sdk, { holds: 0, requests: 0, offers: 0, completed: 0 }))
      .map((report) => ({
        data: report,
        text: `Expired ${report.holds} holds, ${report.requests} requests and ${report.offers} offers; completed ${report.completed} bookings.`,
      })),
});

const expireAll = (sdk: Slotwise, before: ExpireReport): ResultAsync<ExpireReport, CliError> =>
  sdk.booking.expireDue({ limit: SLOTS_AT_ONCE }).andThen((settled) => {
    const { holds, requests, offers, completed } = settled;
    const report = {
      holds: before.holds + holds,
      requests: before.requests + requests,
      offers: before.offers + offers,
      completed: before.completed + completed,
    };
    return holds + requests + offers + completed < SLOTS_AT_ONCE ? okAsync(report) : expireAll(sdk, report);
  });

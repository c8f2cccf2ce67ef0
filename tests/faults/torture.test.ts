import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWithPostgres, describeWithRedisServer, postgresUrl } from '../support/services.ts';
import { shortPace } from '../torture/options.ts';
import { complaints, tableHead, tableRow } from '../torture/report.ts';
import { playRound } from '../torture/round.ts';
import { besideRedis, proofs, redisAlone, toldByDatabase, type Setting } from '../torture/settings.ts';
import { startServers, type Servers, type Stage } from '../torture/stage.ts';

/** The short form of `npm run torture`. */

const LIFETIME_SECONDS = 600;
const STAGE_TIMEOUT_MS = 60_000;
const ROUND_TIMEOUT_MS = 60_000;
const seed = Math.floor(Math.random() * 1e6);

describeWithRedisServer('several processes that read and write the same rows', () =>
  describeWithPostgres('in a PostgreSQL of their own, or else in the one that is running', () => {
    const stack = new AsyncDisposableStack();
    let servers: Servers;

    beforeAll(async () => {
      servers = await startServers(LIFETIME_SECONDS, postgresUrl(), stack);
      console.log(`torture: ${servers.description}, seed ${seed}\n${tableHead()}`);
    }, STAGE_TIMEOUT_MS);

    afterAll(() => stack.disposeAsync(), STAGE_TIMEOUT_MS);

    function describeSetting<On extends Stage>({ title, open, faults }: Setting<On>): void {
      describe(`through ${title}`, () => {
        let stage: On;

        beforeAll(async () => {
          stage = await open(servers, undefined, stack);
        }, STAGE_TIMEOUT_MS);

        it.each(faults)(
          'see what they were promised while $description',
          { timeout: ROUND_TIMEOUT_MS },
          async (fault) => {
            const round = await playRound(stage, fault, shortPace, seed + faults.indexOf(fault));
            console.log(tableRow(round));
            expect(complaints(round).slice(0, 20)).toEqual([]);
          },
        );

        it('close after all of that', { timeout: STAGE_TIMEOUT_MS }, async () => {
          await expect(stage.close()).resolves.toBeUndefined();
        });
      });
    }

    describeSetting(besideRedis);
    describeSetting(redisAlone);
    describeSetting(toldByDatabase);

    it.each(proofs)(
      'are caught seeing something else when the engine is broken: $title',
      { timeout: ROUND_TIMEOUT_MS },
      async ({ play }) => {
        const round = await play(servers, seed, stack);
        console.log(tableRow(round));
        expect(round.judgement.violations.length).toBeGreaterThan(0);
      },
    );
  }),
);

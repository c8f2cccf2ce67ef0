import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWithPostgres, describeWithRedisServer, postgresUrl } from '../support/services.ts';
import { calm, faults, type Fault } from '../torture/faults.ts';
import { flaws } from '../torture/flaws.ts';
import { proofPace, shortPace } from '../torture/options.ts';
import { complaints, tableHead, tableRow } from '../torture/report.ts';
import { playRound, type Pace, type Round } from '../torture/round.ts';
import { openStage, startServers, type Servers, type Stage } from '../torture/stage.ts';

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

    const play = async (stage: Stage, fault: Fault, pace: Pace): Promise<Round> => {
      const round = await playRound(stage, fault, pace, seed + faults.indexOf(fault));
      console.log(tableRow(round));
      return round;
    };

    describe('through the cache as it is', () => {
      let stage: Stage;

      beforeAll(async () => {
        stage = await openStage(servers, undefined, stack);
      }, STAGE_TIMEOUT_MS);

      it.each(faults)(
        'see what they were promised while $description',
        { timeout: ROUND_TIMEOUT_MS },
        async (fault) => {
          expect(complaints(await play(stage, fault, shortPace)).slice(0, 20)).toEqual([]);
        },
      );

      it('close after all of that', { timeout: STAGE_TIMEOUT_MS }, async () => {
        await expect(stage.close()).resolves.toBeUndefined();
      });
    });

    it.each(flaws)(
      'are caught seeing something else when the engine is broken: %s',
      { timeout: ROUND_TIMEOUT_MS },
      async (flaw) => {
        const stage = await openStage(servers, flaw, stack);
        const { judgement } = await play(stage, calm, proofPace);
        expect(judgement.violations.length).toBeGreaterThan(0);
        await stage.close();
      },
    );
  }),
);

/**
 * Shows what the SDK does, and checks each thing it shows: ends with 1 and names the expectation that failed.
 *
 * Without configuration it runs in this process alone. With `DATABASE_URL` and `REDIS_URL` the same steps run on
 * servers, in a schema and under a Redis prefix of their own that are removed at the end.
 */
import { approveAndConfirm } from './demo/approve-and-confirm.ts';
import { freezeRedis } from './demo/freeze-redis.ts';
import { publishAWeek } from './demo/publish-a-week.ts';
import { raceForOneSlot } from './demo/race-for-one-slot.ts';
import { readColdAndWarm } from './demo/read-cold-and-warm.ts';
import { refuseBadInput } from './demo/refuse-bad-input.ts';
import { renameARecruiter } from './demo/rename-a-recruiter.ts';
import { openStage } from './demo/stage.ts';
import { summarize } from './demo/summarize.ts';
import { switchTheCacheOff } from './demo/switch-the-cache-off.ts';
import { Transcript } from './demo/transcript.ts';

const startedAt = performance.now();
const transcript = new Transcript();
const cleanUp = new AsyncDisposableStack();

let interrupted = false;
process.once('SIGINT', () => {
  interrupted = true;
  void cleanUp.disposeAsync().finally(() => process.exit(130));
});

try {
  transcript.title('Slotwise demo');
  const stage = await openStage(process.env, transcript, cleanUp);
  const board = await publishAWeek(stage);
  await readColdAndWarm(stage, board);
  const won = await raceForOneSlot(stage, board);
  await approveAndConfirm(stage, won);
  await renameARecruiter(stage, board);
  await refuseBadInput(stage, board, won);
  await switchTheCacheOff(stage, board);
  if (stage.onServers) await freezeRedis(stage, cleanUp);
  summarize(stage, startedAt);
} catch (cause) {
  // What an interrupted step ran into is no news.
  if (!interrupted)
    console.error(`\nThe demo failed: ${cause instanceof Error ? cause.message : String(cause)}`);
  process.exitCode = interrupted ? 130 : 1;
} finally {
  await cleanUp.disposeAsync();
}

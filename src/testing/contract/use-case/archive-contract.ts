import assert from 'node:assert/strict';
import type { FutureSlots } from '../../../application/archive/free-of-bookings.ts';
import type { Actor } from '../../../domain/shared/actor.ts';
import { Instant } from '../../../domain/shared/instant.ts';
import { MINUTE } from '../../../domain/shared/time-range.ts';
import type { Slotwise } from '../../../infrastructure/slotwise.ts';
import { seedBoard, type Board } from '../../seeds/seed-board.ts';
import { seedBooking } from '../../seeds/seed-booking.ts';
import { seedRecruiter } from '../../seeds/seed-recruiter.ts';
import { seedSlot } from '../../seeds/seed-slot.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { refusedIds, UNKNOWN_ID } from '../hostile-texts.ts';
import { expectErr, expectOk } from '../outcome.ts';

const admin: Actor = { kind: 'admin', id: 1 };

/** What recruiters and cities have in common here. */
interface Archivable {
  readonly name: 'recruiter' | 'city';
  readonly of: (board: Board) => { readonly id: number };
  readonly archive: (
    sdk: Slotwise,
    id: number,
    command: ArchiveCommand,
  ) => ReturnType<typeof archiveRecruiter>;
  readonly restore: (sdk: Slotwise, id: number, actor: Actor) => ReturnType<typeof restoreRecruiter>;
  readonly missing: 'RecruiterNotFound' | 'CityNotFound';
  readonly inactive: 'RecruiterInactive' | 'CityInactive';
}

interface ArchiveCommand {
  readonly actor: Actor;
  readonly futureSlots?: FutureSlots;
  readonly reason?: string;
}

const archiveRecruiter = (sdk: Slotwise, recruiterId: number, command: ArchiveCommand) =>
  sdk.recruiters
    .archive({ recruiterId, ...command })
    .map(({ recruiter, withdrawn }) => ({ active: recruiter.active, withdrawn }))
    .mapErr((error): { readonly type: string } => error);

const restoreRecruiter = (sdk: Slotwise, recruiterId: number, actor: Actor) =>
  sdk.recruiters
    .restore({ recruiterId, actor })
    .map(({ active }) => active)
    .mapErr((error): { readonly type: string } => error);

const archivables: readonly Archivable[] = [
  {
    name: 'recruiter',
    of: ({ recruiter }) => recruiter,
    archive: archiveRecruiter,
    restore: restoreRecruiter,
    missing: 'RecruiterNotFound',
    inactive: 'RecruiterInactive',
  },
  {
    name: 'city',
    of: ({ city }) => city,
    archive: (sdk, cityId, command) =>
      sdk.cities
        .archive({ cityId, ...command })
        .map(({ city, withdrawn }) => ({ active: city.active, withdrawn }))
        .mapErr((error): { readonly type: string } => error),
    restore: (sdk, cityId, actor) =>
      sdk.cities
        .restore({ cityId, actor })
        .map(({ active }) => active)
        .mapErr((error): { readonly type: string } => error),
    missing: 'CityNotFound',
    inactive: 'CityInactive',
  },
];

/** What archiving does to the slots ahead, and restoring. */
export const archiveContract: ContractSuite = contractSuite('archiving', (test) => {
  for (const { name, of, archive, restore, missing, inactive } of archivables) {
    test(`a ${name} hides free slots, until it is restored`, async (sdk) => {
      const board = await expectOk(seedBoard(sdk));
      const { slot, city, candidate } = board;
      const { id } = of(board);
      const free = async () => (await expectOk(sdk.read.slots.getFreeForCity(city.id))).length;
      assert.equal(await free(), 1);
      assert.deepEqual(await expectOk(archive(sdk, id, { actor: admin })), { active: false, withdrawn: [] });
      assert.equal(await free(), 0);
      await expectErr(sdk.booking.reserve({ slotId: slot.id, candidateId: candidate.id }), inactive);
      const offer = await expectOk(sdk.read.cities.withAvailability());
      assert.equal(offer.find((one) => one.city.id === city.id)?.count ?? 0, 0);
      assert.deepEqual(await expectOk(archive(sdk, id, { actor: admin })), { active: false, withdrawn: [] });
      assert.equal(await expectOk(restore(sdk, id, admin)), true);
      assert.equal(await expectOk(restore(sdk, id, admin)), true);
      assert.equal(await free(), 1);
      const trail = await expectOk(sdk.transaction((uow) => uow.audit.listFor({ entity: name, id })));
      assert.deepEqual(
        trail.items.map(({ action, from, to }) => [action, from, to]),
        [
          ['archive', 'active', 'archived'],
          ['restore', 'archived', 'active'],
        ],
      );
    });

    test(`a ${name} is refused while candidates have slots ahead, and changes nothing`, async (sdk) => {
      const board = await expectOk(seedBoard(sdk, { slotsPerRecruiter: 3, candidates: 2 }));
      const { slots, candidates, recruiter } = board;
      const { id } = of(board);
      const [free, held, booked] = slots;
      const [first, second] = candidates;
      assert.ok(free && held && booked && first && second);
      await expectOk(seedBooking(sdk, { slot: booked, candidate: first, state: 'booked' }));
      await expectOk(seedBooking(sdk, { slot: held, candidate: second, state: 'held' }));
      const error = await expectErr(archive(sdk, id, { actor: admin }), 'StillBooked');
      assert.deepEqual(error, { type: 'StillBooked', entity: name, id, slotIds: [held.id, booked.id] });
      assert.equal((await expectOk(sdk.read.recruiters.get(recruiter.id))).active, true);
      assert.equal((await expectOk(sdk.read.slots.get(booked.id))).status, 'booked');
    });

    test(`a ${name} that releases withdraws what candidates have, and only that`, async (sdk) => {
      const board = await expectOk(seedBoard(sdk, { slotsPerRecruiter: 3, candidates: 2 }));
      const { slots, candidate } = board;
      const { id } = of(board);
      const [free, lapsed, booked] = slots;
      assert.ok(free && lapsed && booked);
      const { booking } = await expectOk(seedBooking(sdk, { slot: booked, candidate, state: 'confirmed' }));
      const past = Instant.fromEpochMilliseconds(0);
      const [, other = candidate] = board.candidates;
      await expectOk(seedBooking(sdk, { slot: lapsed, candidate: other, state: 'held', expiresAt: past }));
      const told: string[] = [];
      const end = sdk.events.on(
        'booking.canceled',
        ({ data }) => void told.push(`${data.bookingId} ${data.reason}`),
      );
      await expectErr(archive(sdk, id, { actor: admin, futureSlots: 'release' }), 'Validation');
      const release = { actor: admin, futureSlots: 'release', reason: 'office closed' } as const;
      const { active, withdrawn } = await expectOk(archive(sdk, id, release));
      end();
      assert.deepEqual([active, withdrawn.map((slot) => slot.id)], [false, [booked.id]]);
      assert.ok(told.includes(`${booking.id} office closed`));
      assert.equal((await expectOk(sdk.read.slots.get(free.id))).status, 'free');
      const ended = await expectOk(sdk.transaction((uow) => uow.bookings.get(booking.id)));
      assert.deepEqual([ended.state, ended.endReason], ['canceled', 'office closed']);
    });

    test(`a ${name} lets run what has begun`, async (sdk) => {
      const board = await expectOk(seedBoard(sdk));
      const { recruiter, city, candidate } = board;
      const startsAt = await expectOk(sdk.transaction((uow) => uow.now().map((now) => now.plus(-MINUTE))));
      const running = await expectOk(seedSlot(sdk, { recruiter, city, startsAt }));
      await expectOk(seedBooking(sdk, { slot: running, candidate, state: 'confirmed' }));
      await expectOk(archive(sdk, of(board).id, { actor: admin }));
      assert.equal((await expectOk(sdk.read.slots.get(running.id))).status, 'confirmed');
    });

    test(`a ${name} is refused to those who may not, and for what is not there`, async (sdk) => {
      const board = await expectOk(seedBoard(sdk));
      const { candidate } = board;
      const { id } = of(board);
      const stranger = await expectOk(seedRecruiter(sdk));
      for (const actor of [
        { kind: 'candidate', id: candidate.id },
        { kind: 'recruiter', id: stranger.id },
      ] as const) {
        await expectErr(archive(sdk, id, { actor }), 'Forbidden');
        await expectErr(restore(sdk, id, actor), 'Forbidden');
      }
      await expectErr(archive(sdk, UNKNOWN_ID, { actor: admin }), missing);
      await expectErr(restore(sdk, UNKNOWN_ID, admin), missing);
      for (const wrong of refusedIds) {
        await expectErr(archive(sdk, wrong, { actor: admin }), 'Validation');
        await expectErr(restore(sdk, wrong, admin), 'Validation');
      }
      await expectErr(archive(sdk, id, { actor: admin, futureSlots: 'keep' as never }), 'Validation');
    });

    test(`a ${name} and reserving its slots at the same time leaves nobody with a slot of it`, async (sdk) => {
      const board = await expectOk(seedBoard(sdk, { slotsPerRecruiter: 4, candidates: 4 }));
      const { slots, candidates } = board;
      const { id } = of(board);
      const release = { actor: admin, futureSlots: 'release', reason: 'closed' } as const;
      const [archived] = await Promise.all([
        archive(sdk, id, release),
        ...slots.map(async (slot, index) =>
          sdk.booking.reserve({ slotId: slot.id, candidateId: candidates[index]?.id ?? 0 }),
        ),
      ]);
      const left = await expectOk(sdk.read.slots.statusSummary({ recruiterIds: [board.recruiter.id] }));
      assert.deepEqual([archived.isOk(), left.pending], [true, 0]);
    });
  }
});

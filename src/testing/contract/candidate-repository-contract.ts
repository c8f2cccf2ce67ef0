import assert from 'node:assert/strict';
import { Candidate, type TelegramCandidate } from '../../domain/candidate/candidate.ts';
import { textLimits } from '../../domain/shared/text.ts';
import { seedBoard } from '../seeds/seed-board.ts';
import { seedBooking } from '../seeds/seed-booking.ts';
import { seedCandidate } from '../seeds/seed-candidate.ts';
import { contractSuite, type ContractSuite } from './contract-subject.ts';
import { entityContract } from './entity-contract.ts';
import { hostileTexts, refusedTexts } from './hostile-texts.ts';
import { assertSame, expectErr, expectOk } from './outcome.ts';
import { everyItem, pagingContract } from './paging-contract.ts';
import { telegramId } from './telegram-ids.ts';

const renamed = (candidate: Candidate): Candidate =>
  candidate.rename(`${candidate.fullName}!`).unwrapOr(candidate);

/** What a `CandidateRepository` and a `CandidateReader` do. */
export const candidateRepositoryContract: ContractSuite = contractSuite('a candidate', (test) => {
  entityContract(test, {
    missing: 'CandidateNotFound',
    reader: (sdk) => sdk.read.candidates,
    repository: (uow) => uow.candidates,
    seed: (sdk) =>
      seedCandidate(sdk, {
        telegramId: telegramId(),
        username: 'ben',
        phone: '+49 30 1234567',
        timeZone: 'Asia/Calcutta',
      }),
    change: renamed,
  });
  pagingContract(
    test,
    (sdk) => (page) => sdk.read.candidates.list({}, page),
    (sdk) => seedCandidate(sdk),
  );

  test('keeps any text as name, username and phone', async (sdk) => {
    for (const text of hostileTexts) {
      const phone = [...text].slice(0, textLimits.phone).join('');
      const candidate = await expectOk(seedCandidate(sdk, { fullName: text, username: text, phone }));
      assert.deepEqual([candidate.fullName, candidate.username, candidate.phone], [text, text, phone]);
      assert.deepEqual(await expectOk(sdk.transaction((uow) => uow.candidates.get(candidate.id))), candidate);
      assert.deepEqual(await expectOk(sdk.read.candidates.get(candidate.id)), candidate);
    }
  });

  test('needs nothing but a name', async (sdk) => {
    const candidate = await expectOk(seedCandidate(sdk));
    const { telegramId: telegram, username, phone, timeZone, active } = candidate;
    assert.deepEqual(
      [telegram, username, phone, timeZone, active],
      [undefined, undefined, undefined, undefined, true],
    );
  });

  test('is refused with input that is wrong', async (sdk) => {
    for (const fullName of refusedTexts(textLimits.name))
      await expectErr(seedCandidate(sdk, { fullName }), 'Validation', { field: 'fullName' });
    for (const username of refusedTexts(textLimits.username))
      await expectErr(seedCandidate(sdk, { username }), 'Validation', { field: 'username' });
    for (const phone of refusedTexts(textLimits.phone))
      await expectErr(seedCandidate(sdk, { phone }), 'Validation', { field: 'phone' });
    for (const wrong of ['', 'x', '01', '1e3', -1, 0, 1.5, 2 ** 53, 2n ** 63n])
      await expectErr(seedCandidate(sdk, { telegramId: wrong }), 'Validation', { field: 'telegramId' });
    await expectErr(seedCandidate(sdk, { timeZone: 'UTC+3' }), 'InvalidTimeZone');
  });

  test('is checked by an update as when it was new', async (sdk) => {
    const candidate = await expectOk(seedCandidate(sdk, { phone: '1', timeZone: 'UTC' }));
    const update = (change: object) =>
      sdk.transaction((uow) => uow.candidates.update(new Candidate({ ...candidate, ...change })));
    for (const fullName of refusedTexts(textLimits.name))
      await expectErr(update({ fullName }), 'Validation', { field: 'fullName' });
    for (const phone of refusedTexts(textLimits.phone))
      await expectErr(update({ phone }), 'Validation', { field: 'phone' });
    await expectErr(update({ telegramId: 'x' }), 'Validation', { field: 'telegramId' });
    await expectErr(update({ timeZone: 'Nope/Zone' }), 'InvalidTimeZone', { field: 'timeZone' });
    assert.deepEqual(await expectOk(sdk.read.candidates.get(candidate.id)), candidate);
    assert.equal((await expectOk(update({ phone: undefined }))).phone, undefined);
  });

  test('is found by the Telegram id it has now, in any form', async (sdk) => {
    const old = telegramId();
    const next = telegramId();
    const find = (id: string | number | bigint): Promise<Candidate | undefined> =>
      expectOk(sdk.read.candidates.findByTelegramId(id));
    assert.equal(await find(old), undefined);
    const candidate = await expectOk(seedCandidate(sdk, { telegramId: old }));
    assert.deepEqual(await find(old), candidate);
    assert.deepEqual(await find(BigInt(old)), candidate);

    const linked = await expectOk(
      sdk.transaction((uow) =>
        candidate.linkTelegram(next).asyncAndThen((changed) => uow.candidates.update(changed)),
      ),
    );
    assert.equal(await find(old), undefined);
    assert.deepEqual(await find(next), linked);
    await expectOk(sdk.transaction((uow) => uow.candidates.delete(linked.id)));
    assert.equal(await find(next), undefined);
    await expectErr(sdk.read.candidates.findByTelegramId('me'), 'Validation');
  });

  test('has a Telegram id that no other candidate has', async (sdk) => {
    const { telegramId: taken } = await expectOk(seedCandidate(sdk, { telegramId: telegramId() }));
    assert.ok(taken !== undefined);
    await expectErr(seedCandidate(sdk, { telegramId: taken }), 'TelegramIdTaken', { telegramId: taken });
    const other = await expectOk(seedCandidate(sdk));
    await expectErr(
      sdk.transaction((uow) => other.linkTelegram(taken).asyncAndThen((next) => uow.candidates.update(next))),
      'TelegramIdTaken',
      { telegramId: taken },
    );
    assert.deepEqual(await expectOk(sdk.read.candidates.get(other.id)), other);
  });

  test('is stored by a bot that only knows a Telegram id, once, and later what has changed', async (sdk) => {
    const id = telegramId();
    const upsert = (input: Omit<TelegramCandidate, 'telegramId'>) =>
      expectOk(sdk.transaction((uow) => uow.candidates.upsertByTelegramId({ telegramId: id, ...input })));
    const read = () => expectOk(sdk.read.candidates.findByTelegramId(id));
    // Nobody is there yet, and a cache may remember that.
    assert.equal(await read(), undefined);
    const first = await upsert({ fullName: 'Ben', username: 'ben', phone: '1', timeZone: 'asia/calcutta' });
    assert.equal(first.created, true);
    const { candidate } = first;
    assert.deepEqual(
      [
        candidate.telegramId,
        candidate.username,
        candidate.phone,
        candidate.timeZone,
        candidate.active,
        candidate.version,
      ],
      [id, 'ben', '1', 'Asia/Kolkata', true, 1],
    );
    assert.deepEqual(await read(), candidate);

    // What is left out stays, and where nothing changes the version stays as well.
    for (const same of [{ fullName: 'Ben' }, { fullName: 'Ben', username: 'ben', timeZone: 'Asia/Kolkata' }])
      assert.deepEqual(await upsert(same), { candidate, created: false });
    const changed = await upsert({ fullName: 'Ben B.', username: 'benb' });
    assert.equal(changed.created, false);
    assertSame(changed.candidate, { ...candidate, fullName: 'Ben B.', username: 'benb', version: 2 });
    assert.deepEqual(await read(), changed.candidate);
    assert.deepEqual(await expectOk(sdk.read.candidates.get(candidate.id)), changed.candidate);

    const archived = await expectOk(
      sdk.transaction((uow) => uow.candidates.update(changed.candidate.archive())),
    );
    assert.deepEqual(await upsert({ fullName: 'Ben B.' }), { candidate: archived, created: false });
  });

  test('is one row however many ask for it at once', async (sdk) => {
    const id = telegramId();
    const upserted = await Promise.all(
      Array.from({ length: 8 }, () =>
        expectOk(
          sdk.transaction((uow) => uow.candidates.upsertByTelegramId({ telegramId: id, fullName: 'Ben' })),
        ),
      ),
    );
    assert.equal(upserted.filter(({ created }) => created).length, 1);
    assert.equal(new Set(upserted.map(({ candidate }) => candidate.id)).size, 1);
    assert.ok(upserted.every(({ candidate }) => candidate.version === 1));
  });

  test('keeps any text that a bot has seen of somebody', async (sdk) => {
    const id = telegramId();
    for (const text of hostileTexts) {
      const { candidate } = await expectOk(
        sdk.transaction((uow) =>
          uow.candidates.upsertByTelegramId({ telegramId: id, fullName: text, username: text }),
        ),
      );
      assert.deepEqual([candidate.fullName, candidate.username], [text, text]);
      assert.deepEqual(await expectOk(sdk.read.candidates.findByTelegramId(id)), candidate);
    }
  });

  test('is not stored by a bot with input that is wrong', async (sdk) => {
    const id = telegramId();
    const upsert = (input: object) =>
      sdk.transaction((uow) =>
        uow.candidates.upsertByTelegramId({ telegramId: id, fullName: 'Ben', ...input }),
      );
    for (const fullName of refusedTexts(textLimits.name))
      await expectErr(upsert({ fullName }), 'Validation', { field: 'fullName' });
    for (const username of refusedTexts(textLimits.username))
      await expectErr(upsert({ username }), 'Validation', { field: 'username' });
    for (const wrong of ['', 'x', -1, undefined])
      await expectErr(upsert({ telegramId: wrong }), 'Validation', { field: 'telegramId' });
    await expectErr(upsert({ timeZone: 'Nope/Zone' }), 'InvalidTimeZone', { field: 'timeZone' });
    assert.equal(await expectOk(sdk.read.candidates.findByTelegramId(id)), undefined);
  });

  test('is listed by whether it is active', async (sdk) => {
    const candidate = await expectOk(seedCandidate(sdk));
    const listed = async (active: boolean): Promise<boolean> =>
      (await everyItem((page) => sdk.read.candidates.list({ active }, page))).some(
        ({ id }) => id === candidate.id,
      );
    assert.deepEqual([await listed(true), await listed(false)], [true, false]);
    await expectOk(sdk.transaction((uow) => uow.candidates.update(candidate.archive())));
    assert.deepEqual([await listed(true), await listed(false)], [false, true]);
  });

  test('stays while a booking refers to it, also one that has ended', async (sdk) => {
    const { slot, candidate } = await expectOk(seedBoard(sdk));
    await expectOk(seedBooking(sdk, { slot, candidate, state: 'rejected' }));
    await expectErr(
      sdk.transaction((uow) => uow.candidates.delete(candidate.id)),
      'StillReferenced',
      { id: candidate.id },
    );
  });

  test('is locked by a read that asks for it, and read as it is stored', async (sdk) => {
    const candidate = await expectOk(seedCandidate(sdk));
    const locked = await expectOk(sdk.transaction((uow) => uow.candidates.getForUpdate(candidate.id)));
    assert.deepEqual(locked, candidate);
  });
});

import { inspect } from 'node:util';
import { ok, type ResultAsync } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import type { Readers } from '../../../src/application/readers.ts';
import type { Slotwise } from '../../../src/infrastructure/slotwise.ts';
import {
  candidateRepositoryContract,
  cityRepositoryContract,
  createInMemorySlotwise,
  recruiterRepositoryContract,
  slotRepositoryContract,
  unitOfWorkContract,
  useCaseContract,
  type ContractOptions,
  type ContractSuite,
} from '../../../src/testing/index.ts';
import { actionTokenContract } from '../../../src/testing/contract/use-case/action-token-contract.ts';
import { auditContract } from '../../../src/testing/contract/use-case/audit-contract.ts';
import { idempotencyContract } from '../../../src/testing/contract/use-case/idempotency-contract.ts';
import { inboxContract } from '../../../src/testing/contract/use-case/inbox-contract.ts';
import { outboxContract } from '../../../src/testing/contract/use-case/outbox-contract.ts';
import { failingTests, replacing } from './failing-tests.ts';

/** Runs a suite on an SDK and answers the names of the tests that failed. */
async function failures(suite: ContractSuite, wrap: (sdk: Slotwise) => Slotwise): Promise<readonly string[]> {
  // Short, because an SDK that loses its locks makes others wait for them.
  const create = (options: ContractOptions) =>
    wrap(createInMemorySlotwise({ ...options, lockTimeoutMs: 20 }));
  const { all, failed } = await failingTests((framework) => suite(framework, { create }));
  expect(all.length).toBeGreaterThan(8);
  return failed;
}

const sound = (sdk: Slotwise): Slotwise => sdk;

/** An SDK on which one read keeps its first answer for ever, as if nothing ever invalidated it. */
const neverInvalidating =
  <Name extends keyof Readers>(reader: Name, method: keyof Readers[Name]) =>
  (sdk: Slotwise): Slotwise => {
    const answers = new Map<string, unknown>();
    const original = sdk.read[reader];
    const read = original[method] as (...args: unknown[]) => unknown;
    const remembering = (...args: unknown[]): unknown => {
      const key = inspect(args);
      const answer = answers.get(key) ?? read.apply(original, args);
      answers.set(key, answer);
      return answer;
    };
    const remembered = replacing<object>(original, { [method]: remembering });
    return replacing(sdk, { read: { ...sdk.read, [reader]: remembered } });
  };

const commitsWhateverHappens = (sdk: Slotwise): Slotwise =>
  replacing(sdk, {
    transaction: ((work: Parameters<Slotwise['transaction']>[0]) => {
      const uow = sdk.unitOfWork();
      return work(uow).then((outcome) => uow.commit().then(() => outcome));
    }) as unknown as Slotwise['transaction'],
  });

const forgetsAnArgument = (sdk: Slotwise): Slotwise => {
  const slots = replacing(sdk.read.slots, { getFreeForCity: (id) => sdk.read.slots.getFreeForCity(id) });
  return replacing(sdk, { read: { ...sdk.read, slots } });
};

const approvesEverything = (sdk: Slotwise): Slotwise => {
  const release = (command: Parameters<Slotwise['booking']['release']>[0]) =>
    sdk.booking.release({ ...command, actor: { kind: 'system' } });
  return replacing(sdk, { booking: { ...sdk.booking, release } });
};

const doesNotRollBack = (sdk: Slotwise): Slotwise =>
  replacing(sdk, {
    unitOfWork: (options) => {
      const uow = sdk.unitOfWork(options);
      const rollback = () => uow.commit().map(() => undefined) as ResultAsync<void, never>;
      return replacing(uow, {
        rollback,
        savepoint: ((work: (inner: typeof uow) => unknown) => work(uow)) as never,
      });
    },
  });

const forgetsKeys = (sdk: Slotwise): Slotwise => {
  const hold: Slotwise['booking']['hold'] = (command, options) => {
    const { idempotencyKey: _forgotten, ...rest } = options ?? {};
    return sdk.booking.hold(command, rest);
  };
  return replacing(sdk, { booking: { ...sdk.booking, hold } });
};

const worksOnEveryDelivery = (sdk: Slotwise): Slotwise => {
  let deliveries = 0;
  const once = ((update: object, ...rest: [never]) => {
    deliveries += 1;
    return sdk.inbox.once({ ...update, source: `bot ${deliveries}` }, ...rest);
  }) as Slotwise['inbox']['once'];
  return replacing(sdk, { inbox: { ...sdk.inbox, once } });
};

const redeemsForAnything = (sdk: Slotwise): Slotwise => {
  const redeem: Slotwise['tokens']['redeem'] = (token, _command, options) =>
    sdk.tokens.redeem(token, { action: 'confirm' }, options);
  return replacing(sdk, { tokens: { ...sdk.tokens, redeem } });
};

const doesNotWriteDownWhy = (sdk: Slotwise): Slotwise => {
  const reject: Slotwise['booking']['reject'] = ({ reason: _unsaid, ...command }, options) =>
    sdk.booking.reject(command, options);
  return replacing(sdk, { booking: { ...sdk.booking, reject } });
};

/** A relay that takes a failure for a success. */
const losesEvents = (sdk: Slotwise): Slotwise => {
  const relay: Slotwise['outbox']['relay'] = (transport, options) => {
    const deliver: typeof transport.deliver = async (event) =>
      (await transport.deliver(event)).orElse(() => ok());
    return sdk.outbox.relay({ deliver }, options);
  };
  return replacing(sdk, { outbox: { ...sdk.outbox, relay } });
};

describe('a contract suite', () => {
  it.each([
    ['cities', cityRepositoryContract],
    ['slots', slotRepositoryContract],
    ['units of work', unitOfWorkContract],
  ])('finds nothing wrong with an SDK that is sound: %s', async (_name, suite) => {
    expect(await failures(suite, sound)).toEqual([]);
  });

  it.each([
    ['commits whatever happens', unitOfWorkContract, commitsWhateverHappens],
    ['commits where it should roll back', unitOfWorkContract, doesNotRollBack],
    ['forgets an argument in a cache key', slotRepositoryContract, forgetsAnArgument],
    ['does not ask who gives a command', useCaseContract, approvesEverything],
    ['forgets idempotency keys', idempotencyContract, forgetsKeys],
    ['works on every delivery of an update', inboxContract, worksOnEveryDelivery],
    ['redeems a token for anything', actionTokenContract, redeemsForAnything],
    ['does not write down why', auditContract, doesNotWriteDownWhy],
    ['loses events that could not be delivered', outboxContract, losesEvents],
  ])('finds an SDK that %s', { timeout: 60_000 }, async (_name, suite, wrap) => {
    expect((await failures(suite, wrap)).length).toBeGreaterThan(0);
  });

  it.each([
    ['cities', 'get', cityRepositoryContract],
    ['cities', 'find', cityRepositoryContract],
    ['cities', 'getMany', cityRepositoryContract],
    ['cities', 'getActive', cityRepositoryContract],
    ['cities', 'list', cityRepositoryContract],
    ['recruiters', 'get', recruiterRepositoryContract],
    ['recruiters', 'getActive', recruiterRepositoryContract],
    ['recruiters', 'getByCity', recruiterRepositoryContract],
    ['recruiters', 'list', recruiterRepositoryContract],
    ['candidates', 'get', candidateRepositoryContract],
    ['candidates', 'findByTelegramId', candidateRepositoryContract],
    ['candidates', 'list', candidateRepositoryContract],
    ['slots', 'get', slotRepositoryContract],
    ['slots', 'getFreeForRecruiter', slotRepositoryContract],
    ['slots', 'getFreeForCity', slotRepositoryContract],
  ] as const)('finds an SDK that never invalidates %s.%s', async (reader, method, suite) => {
    const wrap = neverInvalidating(reader, method as keyof Readers[typeof reader]);
    expect((await failures(suite, wrap)).length).toBeGreaterThan(0);
  });

  it('names what it found', async () => {
    expect(await failures(slotRepositoryContract, forgetsAnArgument)).toContain(
      'can be asked for from a moment on, which itself is left out',
    );
  });
});

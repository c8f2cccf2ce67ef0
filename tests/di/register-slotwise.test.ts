import { registerSlotwise, resolve, tokens } from '../../src/di.ts';
import { container } from 'tsyringe';
import { beforeEach, describe, expect, it } from 'vitest';
import { createInMemorySlotwise } from '../../src/testing/index.ts';

describe('registering the SDK in a tsyringe container', () => {
  const host = container.createChildContainer();

  beforeEach(() => {
    host.reset();
  });

  it('hands out every part under its token', () => {
    const sdk = createInMemorySlotwise();
    registerSlotwise(host, sdk);
    expect(resolve(host, tokens.slotwise)).toBe(sdk);
    expect(resolve(host, tokens.recruiters)).toBe(sdk.read.recruiters);
    expect(resolve(host, tokens.cities)).toBe(sdk.read.cities);
    expect(resolve(host, tokens.slots)).toBe(sdk.read.slots);
    expect(resolve(host, tokens.candidates)).toBe(sdk.read.candidates);
    expect(resolve(host, tokens.templates)).toBe(sdk.read.templates);
    expect(resolve(host, tokens.slotUseCases)).toBe(sdk.slots);
    expect(resolve(host, tokens.bookingUseCases)).toBe(sdk.booking);
    expect(resolve(host, tokens.candidateUseCases)).toBe(sdk.candidates);
    expect(resolve(host, tokens.templateUseCases)).toBe(sdk.templates);
    expect(resolve(host, tokens.validate)).toBe(sdk.validate);
    expect(resolve(host, tokens.transaction)).toBe(sdk.transaction);
    expect(resolve(host, tokens.cache)).toBe(sdk.cache);
  });

  it('gives child containers the same SDK, not one of their own', () => {
    const sdk = createInMemorySlotwise();
    registerSlotwise(host, sdk);
    expect(resolve(host.createChildContainer(), tokens.slotwise)).toBe(sdk);
  });

  it('opens a unit of work at each call of the factory', async () => {
    registerSlotwise(host, createInMemorySlotwise());
    const open = resolve(host, tokens.unitOfWork);
    const added = await open().cities.add({ name: 'Berlin', timeZone: 'Europe/Berlin' });
    expect(added.isOk()).toBe(true);
    expect(open()).not.toBe(open());
  });

  it('replaces an SDK that was registered before', () => {
    registerSlotwise(host, createInMemorySlotwise());
    const second = createInMemorySlotwise();
    registerSlotwise(host, second);
    expect(resolve(host, tokens.slotwise)).toBe(second);
  });

  it('agrees on tokens with another copy of the package', () => {
    expect(tokens.slotwise).toBe(Symbol.for('slotwise/Slotwise'));
  });

  it('leaves the SDK open when the container is disposed', async () => {
    const child = container.createChildContainer();
    const sdk = createInMemorySlotwise();
    registerSlotwise(child, sdk);
    await child.dispose();
    expect((await sdk.read.cities.getActive()).isOk()).toBe(true);
  });
});

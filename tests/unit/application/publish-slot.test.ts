import { describe, expect, it } from 'vitest';
import type { PublishSlot } from '../../../src/application/slot/publish-slot.ts';
import {
  createInMemorySlotwise,
  seedCity,
  seedRecruiter,
  settableClock,
} from '../../../src/testing/index.ts';

describe('the buffers of a published slot', () => {
  const publish = async (buffers: Partial<PublishSlot>) => {
    const clock = settableClock('2030-01-07T09:00:00Z');
    const booking = { bufferBeforeMinutes: 15, bufferAfterMinutes: 30 };
    const sdk = createInMemorySlotwise({ clock, policies: { booking } });
    const city = (await seedCity(sdk))._unsafeUnwrap();
    const recruiter = (await seedRecruiter(sdk, { cityIds: [city.id] }))._unsafeUnwrap();
    const times = { startsAt: '2030-01-08T10:00:00Z', endsAt: '2030-01-08T10:30:00Z' };
    const slot = await sdk.slots.publish({
      recruiterId: recruiter.id,
      cityId: city.id,
      ...times,
      ...buffers,
    });
    return slot
      .map(({ occupiedFrom, occupiedUntil }) => [occupiedFrom.toJSON(), occupiedUntil.toJSON()])
      ._unsafeUnwrap();
  };

  it('are those of the policy when they are left out, also when they are named as undefined', async () => {
    const ofPolicy = ['2030-01-08T09:45:00.000Z', '2030-01-08T11:00:00.000Z'];
    const left = { bufferBeforeMinutes: undefined, bufferAfterMinutes: undefined };
    expect(await publish({})).toEqual(ofPolicy);
    expect(await publish(left as unknown as Partial<PublishSlot>)).toEqual(ofPolicy);
  });

  it('are its own when they are given, 0 included', async () => {
    const own = { bufferBeforeMinutes: 0, bufferAfterMinutes: 5 };
    expect(await publish(own)).toEqual(['2030-01-08T10:00:00.000Z', '2030-01-08T10:35:00.000Z']);
  });
});

import type { Won } from './race-for-one-slot.ts';
import type { Stage } from './stage.ts';

export async function approveAndConfirm({ sdk, transcript }: Stage, won: Won): Promise<void> {
  transcript.step('The recruiter approves, the candidate confirms');
  const { booking, candidate, loser, recruiter, slot } = won;
  const bookingId = booking.id;
  const asRecruiter = { kind: 'recruiter', id: recruiter.id } as const;
  const asCandidate = { kind: 'candidate', id: candidate.id } as const;

  const again = transcript.must(
    await sdk.booking.reserve({ slotId: slot.id, candidateId: candidate.id }),
    'reserving again',
  );
  transcript.check(again.id === bookingId, 'asking again answers the same booking, not a second one');
  const stranger = await sdk.booking.confirm({ bookingId, actor: { kind: 'candidate', id: loser.id } });
  const refusal = transcript.mustFail(stranger, 'confirming for somebody else');
  transcript.check(refusal.type === 'Forbidden', 'another candidate may not confirm it');

  const approved = transcript.must(await sdk.booking.approve({ bookingId, actor: asRecruiter }), 'approving');
  const confirmed = transcript.must(
    await sdk.booking.confirm({ bookingId, actor: asCandidate }),
    'confirming',
  );
  const states = [booking, approved, confirmed].map(({ state }) => state);
  transcript.say(`booking ${bookingId}: ${states.join(' → ')}`);
  transcript.check(states.join() === 'requested,booked,confirmed', 'the booking took every state in turn');

  const shown = transcript.must(await sdk.read.slots.get(slot.id), 'reading the slot');
  transcript.check(shown.status === 'confirmed', 'the cached slot shows it at once');
}

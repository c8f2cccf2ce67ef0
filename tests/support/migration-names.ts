/** Every migration there is, in the order in which they are applied. */
export const migrationNames: readonly string[] = [
  '0001_initial',
  '0002_transitions',
  '0003_policies',
  '0004_blocked_periods',
  '0004_bulk_slots',
  '0005_reschedules',
  '0006_erasure',
  '0006_message_templates',
  '0007_idempotency',
  '0008_inbox',
  '0009_action_tokens',
  '0010_query_indexes',
  '0011_waitlist',
];

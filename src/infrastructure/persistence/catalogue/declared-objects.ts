/** What the migrations declare on one table, by name. */
export interface DeclaredObjects {
  /** Primary keys, unique and exclusion constraints; each has an index of the same name. */
  readonly keys: readonly string[];
  readonly checks?: readonly string[];
  readonly references?: readonly string[];
  readonly triggers?: readonly string[];
  readonly uniqueIndexes?: readonly string[];
  /** Only for speed: what each is on, as `create index` takes it after the table. */
  readonly indexes?: Readonly<Record<string, string>>;
}

/**
 * What is there after all migrations. Which object came, changed and went with which migration cannot be read from their
 * SQL without a parser, so it is written down; a test compares it with a schema that was just migrated.
 */
export const declaredObjects: Readonly<Record<string, DeclaredObjects>> = {
  action_token: {
    keys: ['action_token_hash_key', 'action_token_pkey'],
    checks: ['action_token_action_length'],
    references: ['action_token_booking_fk'],
    indexes: {
      action_token_by_booking: '(booking_id) where booking_id is not null',
      action_token_expires: '(expires_at)',
    },
  },
  audit_entry: {
    keys: ['audit_entry_pkey'],
    checks: ['audit_entry_actor_known', 'audit_entry_correlation_length', 'audit_entry_reason_length'],
    triggers: ['audit_entry_is_final', 'audit_entry_is_kept'],
    indexes: {
      audit_entry_by_candidate: '(candidate_id, id) where candidate_id is not null',
      audit_entry_by_entity: '(entity, entity_id, id)',
    },
  },
  blocked_period: {
    keys: ['blocked_period_pkey'],
    checks: ['blocked_period_range', 'blocked_period_reason'],
    references: ['blocked_period_city_fk', 'blocked_period_recruiter_fk'],
    indexes: {
      blocked_period_by_city: '(city_id)',
      blocked_period_by_end: '(ends_at)',
      blocked_period_by_recruiter: '(recruiter_id)',
    },
  },
  booking: {
    keys: ['booking_pkey', 'booking_slot_id_key'],
    checks: [
      'booking_actor_known',
      'booking_end_matches',
      'booking_moved_matches',
      'booking_outcome_known',
      'booking_outcome_matches',
      'booking_reason_length',
      'booking_state_known',
    ],
    references: ['booking_candidate_fk', 'booking_moved_from_fk', 'booking_moved_to_fk', 'booking_slot_fk'],
    triggers: ['booking_history_is_final', 'slot_booking_agree'],
    uniqueIndexes: ['booking_one_live_per_slot'],
    indexes: {
      booking_by_candidate: '(candidate_id, id)',
      booking_by_state: '(state, id)',
    },
  },
  candidate: {
    keys: ['candidate_pkey', 'candidate_telegram_id_key'],
    checks: ['candidate_full_name_check', 'candidate_phone_check', 'candidate_username_check'],
  },
  city: {
    keys: ['city_pkey'],
    checks: ['city_name_check', 'city_policy_is_object'],
    uniqueIndexes: ['city_name_key'],
  },
  event_message: {
    keys: ['event_message_pkey'],
    indexes: {
      event_message_by_aggregate: '(aggregate, id) where dead_at is null',
      event_message_due: '(available_at) where dead_at is null',
    },
  },
  idempotency_record: {
    keys: ['idempotency_record_key_key', 'idempotency_record_pkey'],
    checks: ['idempotency_record_key_length'],
    indexes: {
      idempotency_record_expires: '(expires_at)',
    },
  },
  inbox_update: {
    keys: ['inbox_update_once', 'inbox_update_pkey'],
    checks: ['inbox_update_key_length', 'inbox_update_kind_known', 'inbox_update_source_length'],
    indexes: {
      inbox_update_received: '(received_at)',
    },
  },
  invalidation: {
    keys: ['invalidation_pkey'],
  },
  message_template: {
    keys: ['message_template_pkey'],
    checks: [
      'message_template_body_check',
      'message_template_channel_known',
      'message_template_key_form',
      'message_template_locale_form',
      'message_template_updated_by_check',
      'message_template_version_positive',
    ],
    references: ['message_template_city_fk'],
    uniqueIndexes: ['message_template_one_active', 'message_template_version_key'],
    indexes: {
      message_template_by_city: '(city_id) where city_id is not null',
    },
  },
  migration: {
    keys: ['migration_pkey'],
  },
  recruiter: {
    keys: ['recruiter_pkey', 'recruiter_telegram_chat_id_key'],
    checks: ['recruiter_name_check', 'recruiter_policy_is_object'],
  },
  recruiter_city: {
    keys: ['recruiter_city_pkey'],
    references: ['recruiter_city_city_fk', 'recruiter_city_recruiter_fk'],
    indexes: {
      recruiter_city_by_city: '(city_id)',
    },
  },
  reschedule_request: {
    keys: ['reschedule_request_pkey'],
    checks: [
      'reschedule_request_actor_known',
      'reschedule_request_awaiting_known',
      'reschedule_request_comment_length',
      'reschedule_request_decider_known',
      'reschedule_request_decision_matches',
      'reschedule_request_reason_length',
      'reschedule_request_state_known',
      'reschedule_request_window',
    ],
    references: ['reschedule_request_booking_fk', 'reschedule_request_candidate_fk'],
    uniqueIndexes: ['reschedule_request_one_pending'],
    indexes: {
      reschedule_request_by_booking: '(booking_id, id)',
      reschedule_request_by_candidate: '(candidate_id, id)',
    },
  },
  slot: {
    keys: ['slot_candidate_no_overlap', 'slot_current_booking_key', 'slot_pkey', 'slot_recruiter_no_overlap'],
    checks: [
      'slot_booking_matches',
      'slot_candidate_matches',
      'slot_duration',
      'slot_hold_matches',
      'slot_occupied_covers_displayed',
      'slot_policy_is_object',
      'slot_purpose_check',
      'slot_status_known',
    ],
    references: ['slot_candidate_fk', 'slot_city_fk', 'slot_current_booking_fk', 'slot_recruiter_fk'],
    triggers: ['slot_booking_agree', 'slot_booking_agree_when_added'],
    uniqueIndexes: ['slot_one_active_per_candidate_recruiter_purpose'],
    indexes: {
      slot_active_by_candidate: "(candidate_id) where status in ('pending', 'booked', 'confirmed')",
      slot_by_candidate: '(candidate_id, starts_at, id) where candidate_id is not null',
      slot_by_city: '(city_id, starts_at, id)',
      slot_by_recruiter: '(recruiter_id, starts_at, id)',
      slot_by_start: '(starts_at, id)',
      slot_hold_due: "(hold_expires_at) where status = 'pending'",
      slot_open_by_city: "(city_id, starts_at) where status in ('free', 'pending')",
      slot_open_by_recruiter: "(recruiter_id, starts_at) where status in ('free', 'pending')",
      slot_open_by_start: "(starts_at) where status in ('free', 'pending')",
      slot_over_due: "(ends_at) where status in ('booked', 'confirmed')",
    },
  },
  waitlist_entry: {
    keys: ['waitlist_entry_pkey'],
    checks: [
      'waitlist_entry_end_matches',
      'waitlist_entry_offer_matches',
      'waitlist_entry_purpose_check',
      'waitlist_entry_status_known',
      'waitlist_entry_window',
    ],
    references: [
      'waitlist_entry_booking_fk',
      'waitlist_entry_candidate_fk',
      'waitlist_entry_city_fk',
      'waitlist_entry_recruiter_fk',
    ],
    uniqueIndexes: ['waitlist_entry_one_live', 'waitlist_entry_one_per_offer'],
    indexes: {
      waitlist_entry_by_candidate: '(candidate_id, id)',
      waitlist_entry_queue: "(city_id, purpose, id) where status = 'waiting'",
    },
  },
};

export const sdkTables: readonly string[] = Object.keys(declaredObjects);

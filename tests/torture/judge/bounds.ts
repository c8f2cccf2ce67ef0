/** What the protocol promises, in milliseconds. */
export const bounds = {
  /** How long L1 may go on without having heard from the backplane. */
  heartbeat: 1000,
  /** How long a commit that answered `deferred` may stay unseen once a relay can reach Redis. */
  relay: 1500,
} as const;

/** Text of a source file under src/, which must be there exactly once, and what it becomes. */
interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** A rule of the cache's protocol, and how the engine looks without it. */
export interface Removal {
  readonly name: string;
  /** What is done wrong without the rule. */
  readonly says: string;
  /** The scenario that must notice. */
  readonly noticedBy: string;
  readonly edits: readonly Edit[];
}

const cache = 'infrastructure/cache';
const unitOfWork = 'infrastructure/persistence/mikro-orm-unit-of-work.ts';

/** The table follows the code: where the text of an edit is not found, the run fails. */
export const removals: readonly Removal[] = [
  // Reading and filling.
  {
    name: 'all-anchors',
    says: 'only the first anchor of an entry is compared, not its family',
    noticedBy: 'a whole family is dropped at once',
    edits: [
      {
        file: `${cache}/redis/stamps.ts`,
        find: 'for (const anchor of anchors) {\n    const told',
        replace: 'for (const anchor of anchors.slice(0, 1)) {\n    const told',
      },
    ],
  },
  {
    name: 'stamp-before-load',
    says: 'what was loaded is stored under the versions seen after it was loaded',
    noticedBy: 'a row changes while it is being read for the first time',
    edits: [
      {
        file: `${cache}/loader.ts`,
        find: 'this.#store.fill(entry, ticket, {',
        replace:
          'const later = await this.#store.lookAgain(entry);\n' +
          "      if (later.kind !== 'unavailable') this.#store.fill(entry, later.ticket, {",
      },
    ],
  },
  {
    name: 'incarnation',
    says: 'a stamp does not say which server its versions came from',
    noticedBy: 'Redis comes back from a snapshot older than a change',
    edits: [
      {
        file: `${cache}/redis/stamps.ts`,
        find: 'const { incarnation } = told.server;',
        replace: "const incarnation = 'any';",
      },
      {
        file: `${cache}/redis/redis-store.ts`,
        find: ' || !stamp.startsWith(link.server.incarnation)',
        replace: '',
      },
    ],
  },
  {
    name: 'answers-of-one-server',
    says: 'an answer counts although the connection has led elsewhere since it was asked for',
    noticedBy: 'a client asks again after Redis has come back from a snapshot',
    edits: [
      {
        file: `${cache}/redis/redis-store.ts`,
        find: 'if (answers === undefined || link.server !== server) return [];',
        replace: 'if (answers === undefined) return [];',
      },
    ],
  },
  {
    name: 'versions-from-the-clock',
    says: 'a missing version is created as 1',
    noticedBy: 'versions are evicted around a change',
    edits: [
      {
        file: `${cache}/redis/redis-scripts.ts`,
        find: "known = string.format('%.0f', clock)",
        replace: "known = '1'",
      },
    ],
  },
  {
    name: 'versions-grow',
    says: 'a bump takes the clock as it is, also when that does not raise the version',
    noticedBy: "the server's clock is set back to where the version was made",
    edits: [
      { file: `${cache}/redis/redis-scripts.ts`, find: 'math.max(number + 1, clock)', replace: 'clock' },
    ],
  },
  {
    name: 'grace-needs-versions',
    says: 'an entry whose versions have changed is served while the database is slow',
    noticedBy: 'the database is slow after an entry has become invalid',
    edits: [
      {
        file: `${cache}/redis/redis-store.ts`,
        find: "if (stored === undefined) return { kind: 'miss', ticket };",
        replace:
          'if (stored === undefined) {\n' +
          "      const other = told.text === undefined ? undefined : readEntry(told.text, told.text.split('|')[0] ?? '');\n" +
          '      const old = other === undefined ? undefined : this.#decode(entry, other.payload);\n' +
          "      if (old === undefined || old.isErr()) return { kind: 'miss', ticket };\n" +
          "      const expired = { source: 'l2' as const, value: old.value, ageMs: 0, remainingMs: 0, loadMs: 0 };\n" +
          "      return { kind: 'miss', ticket, expired };\n" +
          '    }',
      },
    ],
  },
  {
    name: 'absence-has-an-anchor',
    says: 'adding somebody does not bump the anchor they were asked for by',
    noticedBy: 'somebody is added who was asked for in vain',
    edits: [
      {
        file: 'application/caching/anchors.ts',
        find: '...(telegramId === undefined ? [] : [policies.candidateByTelegramId.anchor(telegramId)]),',
        replace: '',
      },
    ],
  },
  {
    name: 'old-and-new-anchors',
    says: 'a change bumps the anchors of the new state only',
    noticedBy: 'a row leaves one place and appears in another',
    edits: [
      {
        file: 'infrastructure/persistence/repositories/entity-rows.ts',
        find: 'this.#touch(stored, entity);',
        replace: 'this.#touch(entity);',
      },
    ],
  },

  // Writing.
  {
    name: 'bump-after-commit',
    says: 'the versions are raised before the commit',
    noticedBy: 'a row changes while it is being read for the first time',
    edits: [
      {
        file: unitOfWork,
        find: 'prepared = await this.#invalidation.prepare(anchors);',
        replace: 'await this.#invalidation.invalidate(anchors, false, id);',
      },
      {
        file: unitOfWork,
        find: "anchors.length === 0 ? 'applied' : await this.#invalidate(anchors, prepared, id)",
        replace: "'applied'",
      },
    ],
  },
  {
    name: 'bump',
    says: 'a commit raises no versions',
    noticedBy: 'a row that is cached changes twice',
    edits: [
      {
        file: unitOfWork,
        find: "anchors.length === 0 ? 'applied' : await this.#invalidate(anchors, prepared, id)",
        replace: "'applied'",
      },
    ],
  },
  {
    name: 'outbox-row',
    says: 'a commit leaves no row in the outbox',
    noticedBy: 'the writer dies somewhere between its first statement and its last',
    edits: [{ file: unitOfWork, find: 'id = await enqueueInvalidation(db, anchors);', replace: '' }],
  },
  {
    name: 'savepoint-keeps-the-rest',
    says: 'a savepoint that is rolled back takes along what was changed before it',
    noticedBy: 'a savepoint is rolled back and the rest is committed',
    edits: [{ file: unitOfWork, find: 'this.#dirty = before.dirty;', replace: 'this.#dirty = new Set();' }],
  },
  {
    name: 'savepoint-drops-its-own',
    says: 'what a rolled back savepoint changed is bumped all the same',
    noticedBy: 'a savepoint is rolled back and the rest is committed',
    edits: [{ file: unitOfWork, find: 'this.#dirty = before.dirty;', replace: '' }],
  },
  {
    name: 'released-savepoint-counts',
    says: 'what a savepoint changed is forgotten also when it is released',
    noticedBy: 'a savepoint is released',
    edits: [
      {
        file: 'infrastructure/persistence/session.ts',
        find: 'if (undone) restore();',
        replace: 'restore();',
      },
    ],
  },
  {
    name: 'marks-are-kept-away-from',
    says: 'in strict mode, a commit is not marked before it is sent',
    noticedBy: 'readers see a change before it is acknowledged, in strict mode',
    edits: [{ file: unitOfWork, find: 'prepared = await this.#invalidation.prepare(anchors);', replace: '' }],
  },
  {
    name: 'marks-are-counted',
    says: "in strict mode, a bump takes everybody's marks back",
    noticedBy: 'two writers mark and end one another, in strict mode',
    edits: [
      {
        file: `${cache}/redis/redis-scripts.ts`,
        find: 'pending = pending - ARGV[3]',
        replace: 'pending = 0',
      },
    ],
  },

  // What could not be announced.
  {
    name: 'pending-before-trust',
    says: 'a process that lost Redis believes it again before it has bumped what is pending',
    noticedBy: 'Redis is away for a commit and comes back',
    edits: [
      {
        file: 'infrastructure/compose-cache.ts',
        find: 'recover: (concerns) => relay.drain(concerns),',
        replace: 'recover: () => Promise.resolve(true),',
      },
    ],
  },
  {
    name: 'deferred-is-distrusted',
    says: 'the writer believes the cache about what it could not announce',
    noticedBy: 'Redis is full when a commit is to be announced',
    edits: [
      {
        file: `${cache}/cache-invalidation.ts`,
        find: 'if (id !== undefined) trust.defer(id, anchors);',
        replace: '',
      },
    ],
  },
  {
    name: 'rows-are-bumped-first',
    says: 'rows of the outbox are removed although their anchors could not be bumped',
    noticedBy: 'Redis is full when a commit is to be announced',
    edits: [
      {
        file: `${cache}/invalidation-relay.ts`,
        find: 'if (!(await this.#parts.bump(part))) return false;',
        replace: 'await this.#parts.bump(part);',
      },
    ],
  },

  // Memory.
  {
    name: 'memory-compares',
    says: 'what is in memory is answered whatever its versions are',
    noticedBy: 'a row in memory changes elsewhere',
    edits: [
      {
        file: `${cache}/local-entries.ts`,
        find: 'if ((watched[index] as Watched).version !== versions[index]) return false;',
        replace: 'if (watched[index] === undefined) return false;',
      },
    ],
  },
  {
    name: 'watch-before-asking',
    says: 'an anchor is watched from when its version was answered, not from before it was asked for',
    noticedBy: 'a change is announced while the answer it overtakes is on its way',
    edits: [
      {
        file: `${cache}/tiered-store.ts`,
        find:
          'const watched = this.#watch(entry.anchors);\n' +
          '    return this.#learn(entry, watched, await this.#shared.lookup(entry));',
        replace:
          'const lookup = await this.#shared.lookup(entry);\n' +
          '    return this.#learn(entry, this.#watch(entry.anchors), lookup);',
      },
    ],
  },
  {
    name: 'mirror-moves-forward',
    says: 'the mirror takes a lower version for the present one',
    noticedBy: 'a process changes what it has in memory while announcements are late',
    edits: [
      {
        file: `${cache}/mirror.ts`,
        find:
          'if (version < watched.version) this.#watched.delete(anchor);\n' +
          '    else watched.version = version;',
        replace: 'watched.version = version;',
      },
    ],
  },
  {
    name: 'emptied-means-dropped',
    says: 'an answer that was on its way when the mirror was emptied is stored all the same',
    noticedBy: 'the subscription breaks while a row is being loaded',
    edits: [{ file: `${cache}/mirror.ts`, find: 'watched.version = DROPPED;', replace: '' }],
  },
  {
    name: 'own-bump-own-mirror',
    says: 'a bump of this process does not move its own mirror',
    noticedBy: 'a process changes what it has in memory while announcements are late',
    edits: [
      {
        file: `${cache}/tiered-store.ts`,
        find: 'shared.onVersion = (anchor, version) => this.announce(anchor, version);',
        replace: '',
      },
    ],
  },
  {
    name: 'heartbeat-at-each-hit',
    says: 'memory answers without looking at the time of the last heartbeat',
    noticedBy: 'a process is suspended and reads before its timers run',
    edits: [
      {
        file: `${cache}/tiered-store.ts`,
        find: 'if (now < this.#trustedUntil) return true;',
        replace: 'if (this.#trustedUntil > 0) return true;',
      },
    ],
  },
  {
    name: 'heartbeat-counts-from-its-question',
    says: 'a heartbeat is taken for as fresh as its answer',
    noticedBy: 'the answer of a heartbeat takes almost as long as it may',
    edits: [
      {
        file: `${cache}/heartbeat.ts`,
        find: 'this.#lastHeard = sentAt;',
        replace: 'this.#lastHeard = performance.now();',
      },
    ],
  },
  {
    name: 'lost-means-emptied',
    says: 'memory is kept when the subscription is lost',
    noticedBy: 'a change is announced while a process with a copy does not listen',
    edits: [
      {
        file: `${cache}/redis/open-redis.ts`,
        find: 'const forget = (): void => memory?.clear();',
        replace: 'const forget = (): void => undefined;',
      },
    ],
  },
  {
    name: 'listen-where-you-ask',
    says: 'memory is trusted although another server is listened to than the one that is asked',
    noticedBy: 'commands go to a new master while the old one is still listened to',
    edits: [
      {
        file: `${cache}/redis/redis-node.ts`,
        find: 'return server !== undefined && server.runId === this.#announcements?.runId',
        replace: 'return server !== undefined && this.#announcements !== undefined',
      },
    ],
  },

  // Own writes, snapshots, guards.
  {
    name: 'own-changes-from-the-database',
    says: 'a unit of work reads from the cache what it has changed itself',
    noticedBy: 'a unit of work reads what it has changed',
    edits: [
      {
        file: unitOfWork,
        find: "if (anchors.some((anchor) => this.#dirty.has(anchor))) return 'bypass';",
        replace: '',
      },
    ],
  },
  {
    name: 'no-fill-from-replicas',
    says: 'what a replica has answered is stored',
    noticedBy: 'a unit of work reads from a replica that has fallen behind',
    edits: [
      {
        file: unitOfWork,
        find: "return readFrom === 'primary' && this.#session.outside ? 'use' : 'peek';",
        replace: "return this.#session.outside ? 'use' : 'peek';",
      },
      {
        file: 'infrastructure/repositories/cached-reads.ts',
        find: 'outside: () => this.#beside(() => load(this.#outside)), inside',
        replace: 'outside: () => this.#beside(() => load(this.#inside)), inside',
      },
    ],
  },
  {
    name: 'no-fill-from-inside',
    says: 'what a transaction has read is stored',
    noticedBy: 'a unit of work reads beside its change and rolls back',
    edits: [
      {
        file: `${cache}/read-through.ts`,
        find:
          "if (scope.mode(entry.anchors) !== 'use')\n" +
          '      return this.#reported(entry, this.#loader.load(entry.policy.name, load.inside));',
        replace:
          "if (scope.mode(entry.anchors) !== 'use')\n" +
          '      return this.#reported(entry, this.#loader.refill(entry, lookup.ticket, load.inside));',
      },
    ],
  },
  {
    name: 'conflict-is-distrusted',
    says: 'after a version conflict the cache is believed as before',
    noticedBy: 'work is repeated after a version conflict',
    edits: [
      {
        file: `${cache}/anchor-trust.ts`,
        find: 'return this.trusts(anchors) && !this.conflicted(anchors);',
        replace: 'return this.trusts(anchors);',
      },
    ],
  },
  {
    name: 'snapshots-leave-the-cache-alone',
    says: 'a unit of work with a snapshot reads through the cache',
    noticedBy: 'a snapshot is read while two rows change together',
    edits: [
      {
        file: unitOfWork,
        find: "if (isolation !== 'read committed' || this.#session.unusable) return 'bypass';",
        replace: "if (this.#session.unusable) return 'bypass';",
      },
    ],
  },

  {
    name: 'the-cache-decides-nothing',
    says: 'a change is written although the row has changed since it was read',
    noticedBy: 'work is repeated after a version conflict',
    edits: [
      {
        file: 'infrastructure/persistence/repositories/entity-rows.ts',
        find: 'if (stored.version === wanted.version) return ok(stored);',
        replace: 'if (stored.version > 0) return ok(stored);',
      },
    ],
  },

  // Sharing.
  {
    name: 'flights-have-stamps',
    says: 'a load in flight is joined whatever versions its caller has seen',
    noticedBy: 'somebody asks for what is being loaded already',
    edits: [
      { file: `${cache}/loader.ts`, find: '`${key}|${stamp}`', replace: '`${key}${stamp.slice(0, 0)}`' },
    ],
  },
  {
    name: 'flights-are-joined-before-they-are-sent',
    says: 'without versions, a load is joined although its query was sent before',
    noticedBy: 'loads are shared while the cache is switched off',
    edits: [
      {
        file: `${cache}/single-flight.ts`,
        find:
          'if (flight.queued !== undefined) {\n' +
          '      onShared();\n' +
          '      return flight.queued as Outcome<T, E>;',
        replace:
          'if (flight.queued !== undefined || flight.running !== undefined) {\n' +
          '      onShared();\n' +
          '      return flight.running as Outcome<T, E>;',
      },
    ],
  },
  {
    name: 'batches-are-joined-before-they-are-sent',
    says: 'a batch is joined although it was sent before',
    noticedBy: 'somebody asks for what is being asked for already',
    edits: [
      {
        file: `infrastructure/loading/tick-batch.ts`,
        find:
          'this.#waiting = new Map();\n' +
          '    const answers = await this.#ask(batch.map(({ item }) => item)).catch(() => []);',
        replace:
          'const answers = await this.#ask(batch.map(({ item }) => item)).catch(() => []);\n' +
          '    this.#waiting = new Map();',
      },
    ],
  },

  // Without Redis.
  {
    name: 'commits-are-notified',
    says: 'other processes are not told of a commit',
    noticedBy: 'a row changes in another process without Redis',
    edits: [
      {
        file: unitOfWork,
        find: 'if (announcedBy !== undefined) await notifyInvalidation(db, this.#schema, announcedBy, anchors);',
        replace: '',
      },
    ],
  },
  {
    name: 'own-commits-raise',
    says: 'a process without Redis does not raise versions for its own commits',
    noticedBy: 'a process without Redis changes what it is reading',
    edits: [
      {
        file: `${cache}/memory-store.ts`,
        find: 'this.raise(anchors);\n    this.#counters.bumps',
        replace: 'this.#counters.bumps',
      },
    ],
  },
  {
    name: 'lost-notifications-empty-memory',
    says: 'memory is kept when the connection for notifications is lost',
    noticedBy: 'notifications are lost with their connection',
    edits: [{ file: 'infrastructure/compose-cache.ts', find: 'memory.clear();', replace: '' }],
  },
  {
    name: 'heartbeat-at-each-hit-without-redis',
    says: 'memory without Redis answers without looking at the time of the last heartbeat',
    noticedBy: 'a process without Redis is suspended and reads before its timers run',
    edits: [
      {
        file: `${cache}/memory-store.ts`,
        find: 'if (now < this.#trustedUntil) return true;',
        replace: 'if (this.#trustedUntil > 0) return true;',
      },
    ],
  },
];

import type { SyncState } from '#lib/client/notebook/store.ts';

/*
 * What is stored and what is not, as a pure reducer. Edits of this tab are numbered; a barrier carries the number of the
 * last edit sent before it, and its answer says that all up to there are committed. One barrier is under way at a time,
 * so typing fast costs one barrier a round trip, not one a key.
 */
export interface Sync {
  line: 'connecting' | 'open' | 'down' | 'refused';
  reason: string;
  /** Whether document and server have met on this line: before that no barrier says anything. */
  isSynced: boolean;
  edited: number;
  stored: number;
  /** The barrier under way on this line. */
  asked: number | null;
  at: number | null;
}

export type SyncEvent =
  | { type: 'edited' }
  | { type: 'synced' }
  | { type: 'answered'; n: number; at: number }
  | { type: 'down' }
  | { type: 'refused'; reason: string };

export const startSync: Sync = {
  line: 'connecting',
  reason: '',
  isSynced: false,
  edited: 0,
  stored: 0,
  asked: null,
  at: null,
};

/** The next state, and the barrier to send now, if any. */
export function applySync(sync: Sync, event: SyncEvent): { sync: Sync; barrier: number | null } {
  const next = step(sync, event);
  const barrier = isDue(next) ? next.edited : null;
  return { sync: barrier === null ? next : { ...next, asked: barrier }, barrier };
}

function step(sync: Sync, event: SyncEvent): Sync {
  switch (event.type) {
    case 'edited':
      return { ...sync, edited: sync.edited + 1 };
    case 'synced':
      return sync.line === 'refused' ? sync : { ...sync, line: 'open', isSynced: true, asked: null };
    case 'answered':
      return answered(sync, event.n, event.at);
    case 'down':
      return sync.line === 'refused' ? sync : { ...sync, line: 'down', isSynced: false, asked: null };
    case 'refused':
      return { ...sync, line: 'refused', reason: event.reason, isSynced: false, asked: null };
  }
}

function answered(sync: Sync, n: number, at: number): Sync {
  if (sync.asked !== n) return sync;
  return { ...sync, stored: Math.max(sync.stored, n), asked: null, at };
}

/** Also right after `synced` with nothing edited, so that "stored" is the server's word from the first moment. */
function isDue(sync: Sync): boolean {
  return sync.isSynced && sync.asked === null && (sync.edited > sync.stored || sync.at === null);
}

/** What a person sees of it. */
export function toSyncState(sync: Sync): SyncState {
  return { state: stateOf(sync), pending: sync.edited - sync.stored, at: sync.at, reason: sync.reason };
}

function stateOf(sync: Sync): SyncState['state'] {
  if (sync.line === 'refused') return 'refused';
  if (sync.line === 'down') return 'offline';
  if (sync.line === 'connecting' || sync.at === null) return 'connecting';
  return sync.edited > sync.stored ? 'storing' : 'stored';
}

import type { PartRead, SourceView } from '#lib/stream/source.ts';

/** A partition as it is read here. */
export interface Part {
  id: number;
  /** How far it was read, by what is stored; null before anything of it is. */
  read: PartRead | null;
  /** The node that leads it; null while there is none. */
  leader: number | null;
  /** The number after its last record, as of the last look; null before. */
  end: number | null;
  /** When it last moved, or had nothing more to give, ms. */
  movedAt: number;
  lastReceivedAt: number | null;
  trouble: string | null;
  /** The batch at `offset` cannot be unpacked, tried so often; `next`: from where on it can be read again, null while unknown. */
  broken: { offset: number; tries: number; next: number | null } | null;
  /** It is left alone until then, ms. */
  notBefore: number;
  isGone: boolean;
}

export function newPart(id: number, read: PartRead | null, now: number): Part {
  const nothing = {
    leader: null,
    end: null,
    lastReceivedAt: null,
    trouble: null,
    broken: null,
    notBefore: 0,
    isGone: false,
  };
  return { id, read, movedAt: now, ...nothing };
}

/** With records to give and none taken for so long, a partition is stuck, ms. */
const stuckAfter = 30_000;

/** `idle`: seconds without a record. */
export function viewOf(part: Part, idle: number, now: number): SourceView['partitions'][number] {
  const offset = part.read?.offset ?? 0;
  const lag = part.end === null ? null : Math.max(0, part.end - offset);
  return {
    id: String(part.id),
    offset,
    end: part.end,
    lag,
    lastReceivedAt: part.lastReceivedAt === null ? null : new Date(part.lastReceivedAt).toISOString(),
    state: stateOf(part, lag, idle, now),
    trouble: part.trouble,
    lost: part.read?.lost ?? 0,
    resets: part.read?.resets ?? 0,
  };
}

function stateOf(part: Part, lag: number | null, idle: number, now: number) {
  if (part.isGone) return 'gone';
  if (part.trouble !== null || (lag !== 0 && now - part.movedAt > stuckAfter)) return 'stuck';
  return now - (part.lastReceivedAt ?? part.movedAt) > idle * 1000 ? 'idle' : 'reading';
}

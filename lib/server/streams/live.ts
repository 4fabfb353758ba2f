import type { Live } from './streams.ts';
import type { Writer } from './writer.ts';

export function liveOf(writer: Writer, now: number): Live {
  const { end, duplicates, deadLetters, columns, segment, received, memory } = writer.view;
  const isShort = memory.since > now - memory.horizonMs;
  return {
    end,
    duplicates,
    deadLetters,
    columns: [...columns].map(([name, type]) => ({ name, type })),
    rate: writer.rate.perSecond(now),
    bytes: writer.tail.bytes,
    rows: segment.rows,
    events: segment.events,
    received,
    keys: { count: memory.size, since: isShort ? new Date(memory.since).toISOString() : null },
  };
}

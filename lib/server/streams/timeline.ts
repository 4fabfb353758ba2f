import type { Segment } from '#prisma/client/client.ts';
import { Tally, type Moment } from '#lib/stream/moment.ts';
import { eventTimeOf } from '#lib/stream/time.ts';
import type { Frame } from './frame.ts';

/*
 * What each frame of a log added: kept in memory of the open segment, in a file beside the Parquet of a sealed one, one JSON
 * array a line.
 */

/** Null of a frame without events. */
export function toMoment({ first, rows, meta, lines }: Frame, eventTime: string): Moment | null {
  if (rows === 0) return null;
  const { spans, parts } =
    meta.spans && meta.parts ? { spans: meta.spans, parts: meta.parts } : recount(lines, eventTime);
  return { first, rows, received: meta.received, parts, spans };
}

/** Of a frame that does not say it: the times are read out of its events. */
function recount(lines: Uint8Array, eventTime: string): Pick<Moment, 'spans' | 'parts'> {
  const tally = new Tally();
  for (const line of Buffer.from(lines).toString().split('\n')) {
    if (line === '') continue;
    const time = eventTimeOf((JSON.parse(line) as Record<string, unknown>)[eventTime], Infinity, 0);
    if (typeof time === 'string') throw new Error(`An event of a log has no time: ${time}.`);
    tally.add(time.ms);
  }
  return { spans: tally.spans, parts: tally.parts };
}

export function timelineFile({ log }: Pick<Segment, 'log'>): string {
  return log.replace(/log$/, 'timeline');
}

export function writeMoment({ first, rows, received, parts, spans }: Moment): Buffer {
  return Buffer.from(`${JSON.stringify([first, rows, received, parts, spans])}\n`);
}

export function readMoments(text: string): Moment[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const [first, rows, received, parts, spans] = JSON.parse(line) as Fields;
      return { first, rows, received, parts, spans };
    });
}

type Fields = [number, number, number, Moment['parts'], Moment['spans']];

/** Moments from an offset on until `limit` events are passed, at least one where there is one. They are in order. */
export function momentsFrom(moments: readonly Moment[], from: number, limit: number): Moment[] {
  const taken: Moment[] = [];
  let events = 0;
  for (let at = firstAfter(moments, from); at < moments.length && events < limit; at++) {
    taken.push(moments[at]!);
    events += moments[at]!.rows;
  }
  return taken;
}

/** The index of the first that ends after `offset`. */
function firstAfter(moments: readonly Moment[], offset: number): number {
  let [low, high] = [0, moments.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const { first, rows } = moments[middle]!;
    if (first + rows <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

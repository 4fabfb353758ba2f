import type { PromotionSpec, WindowSpec } from '#lib/job/spec.ts';
import type { ConnectionNames } from '#lib/job/view.ts';
import { localText } from '#lib/job/clock.ts';
import { windowWords } from '#lib/job/window.ts';
import { clock, date, day } from '#components/parts/words.ts';

type Ends = { windowStart: string; windowEnd: string };

/**
 * What people call a window: `Mon 19 Oct`, `Mon 19 Oct 14:00`, `week of Mon 19 Oct`, `2026-10`; a sliding one and one of many
 * days by its first and last, one of minutes or seconds by when it begins and ends.
 */
export function windowName(window: Ends, spec: WindowSpec, zone: string): string {
  const { windowStart: start, windowEnd: end } = window;
  if (isClocked(spec)) return `${day(start, zone)} ${windowTimes(window, spec, zone)}`;
  if (spec.size > 1)
    return `${startName(start, spec, zone)} to ${startName(new Date(Date.parse(end) - 1).toISOString(), spec, zone)}`;
  if (spec.unit === 'week') return `week of ${day(start, zone)}`;
  return startName(start, spec, zone);
}

/** `14:02 to 14:03`, with seconds where windows have them. */
export function windowTimes({ windowStart, windowEnd }: Ends, { unit }: WindowSpec, zone: string): string {
  const seconds = unit === 'second';
  return `${clock(windowStart, zone, seconds)} to ${clock(windowEnd, zone, seconds)}`;
}

/** Whether a window is told by the time of day at both its ends. */
function isClocked({ unit, size, every }: WindowSpec): boolean {
  return unit === 'second' || unit === 'minute' || (unit === 'hour' && size > 1 && every === size);
}

function startName(at: string, spec: WindowSpec, zone: string): string {
  if (spec.unit === 'hour') return `${day(at, zone)} ${clock(at, zone)}`;
  return spec.unit === 'month' ? date(at, zone).slice(0, 7) : day(at, zone);
}

/** `one a day`, `5 minutes each`; of a windowless job `one an hour of arrivals`. */
export function eachWords({ realtime, window }: Pick<PromotionSpec, 'realtime' | 'window'>): string {
  if (realtime?.kind === 'windowless') return 'one an hour of arrivals';
  if ((window.every ?? 1) !== 1) return `${windowWords(window)} each`;
  return `one ${window.unit === 'hour' ? 'an' : 'a'} ${window.unit}`;
}

/** `2026-10-19 00:00`, as the clock in the zone shows it; `2026-10-19 00:00:10` with seconds. */
export function localTime(instant: string, zone: string, seconds = false): string {
  return localText(new Date(instant), zone, 'timestamp').slice(0, seconds ? 19 : 16);
}

/** `in 12 h 28 min`; '' for what is past. */
export function inTime(at: string, now: string): string {
  const minutes = Math.round((Date.parse(at) - Date.parse(now)) / 60_000);
  if (minutes < 0) return '';
  if (minutes >= 48 * 60) return `in ${Math.round(minutes / 1440)} days`;
  return minutes < 60 ? `in ${minutes} min` : `in ${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The first 16 figures of a hash, in fours. */
export function shortHash(hash: string): string {
  return hash.slice(0, 16).replace(/(.{4})(?=.)/g, '$1 ');
}

/** `Trino, lake_eu`; `Trino, lake_eu, then the warehouse`; `the warehouse`. */
export function engineWords({ steps }: PromotionSpec, connections: ConnectionNames): string {
  const ids = [...new Set(steps.flatMap((step) => (step.engine === 'trino' ? [step.connection ?? ''] : [])))];
  if (ids.length === 0) return 'the warehouse';
  const clusters = `Trino, ${ids.map((id) => connections[id] ?? 'a connection that is gone').join(' and ')}`;
  return steps.at(-1)?.engine === 'trino' ? clusters : `${clusters}, then the warehouse`;
}

/** `iceberg.shop.daily` where the output is a table of a cluster, else its name. */
export function outputWords({ place, target }: PromotionSpec): string {
  return place ? `${place.catalog}.${place.schema}.${target.toLowerCase()}` : target;
}

import type { Retention, StreamView } from '#lib/client/api/streams.ts';
import { count, size, whole } from '#components/parts/words.ts';

/** How streams are said. */

/** `0`, `3.4`, `412`: events a second. */
export function rateWords(rate: number): string {
  if (rate === 0) return '0';
  if (rate < 0.1) return '< 0.1';
  return rate < 10 ? rate.toFixed(1) : whole(rate);
}

/** `0.8 s`, `42 s`, `12 min`, `3 h`, `5 days`; a time that lies ahead is `−2 s`. */
export function ageWords(seconds: number): string {
  const sign = seconds < 0 ? '−' : '';
  const age = Math.abs(seconds);
  if (age < 9.95) return `${sign}${age.toFixed(1)} s`;
  if (age < 120) return `${sign}${Math.round(age)} s`;
  if (age < 7200) return `${sign}${Math.round(age / 60)} min`;
  if (age < 172_800) return `${sign}${Math.round(age / 3600)} h`;
  return `${sign}${whole(age / 86_400)} days`;
}

export type Standing = 'trouble' | 'empty' | 'idle' | 'live';

export function standingOf({ trouble, lastReceivedAt, isIdle }: StreamView): Standing {
  if (trouble) return 'trouble';
  if (!lastReceivedAt) return 'empty';
  return isIdle ? 'idle' : 'live';
}

/** What stands beside the name: `live: 412 events a second, the newest is 0.8 s old`. */
export function liveWords(view: StreamView): string {
  const newest = view.lag === null ? '' : newestWords(view.lag);
  switch (standingOf(view)) {
    case 'trouble':
      return 'cannot be read from here now';
    case 'empty':
      return 'waits for its first event';
    case 'idle':
      return `quiet: ${newest}`;
    case 'live':
      return `live: ${rateWords(view.rate)} ${view.rate === 1 ? 'event' : 'events'} a second, ${newest}`;
  }
}

/** `the newest is 0.8 s old`, `the newest is 13 s ahead of our clock`. `lag`: seconds. */
export function newestWords(lag: number): string {
  return lag < 0 ? `the newest is ${ageWords(-lag)} ahead of our clock` : `the newest is ${ageWords(lag)} old`;
}

/** `7 days`, `10 GB`, `7 days, at most 10 GB`, `everything`. */
export function keptWords({ days, bytes }: Retention): string {
  const most = bytes === null ? '' : sizeWords(bytes);
  if (days === null) return most || 'everything';
  return most ? `${count(days, 'day')}, at most ${most}` : count(days, 'day');
}

export function sizeWords(bytes: number): string {
  const { value, unit } = size(bytes);
  return `${value} ${unit}`;
}

/** `1,204`, `48.2 k`, `248.6 M`: events in a line of facts. */
export function manyWords(value: number): string {
  if (value < 100_000) return whole(value);
  return value < 1_000_000 ? `${(value / 1000).toFixed(1)} k` : `${(value / 1_000_000).toFixed(1)} M`;
}

/** `each minute`, `each 5 minutes`, `each event`. */
export function kindWords({ kind, window }: { kind: string; window: { unit: string; size: number } }): string {
  if (kind === 'windowless') return 'job, each event';
  return window.size === 1 ? `job, each ${window.unit}` : `job, each ${window.size} ${window.unit}s`;
}

export interface Cause {
  /** What went wrong, without the value it went wrong with. */
  why: string;
  /** The last one in full; '' where it says no more than `why`. */
  last: string;
  events: number;
  lastAt: string;
}

/** Dead letters by what went wrong, the most frequent first. `letters`: the latest first. */
export function causesOf(letters: readonly { reason: string; receivedAt: string }[]): Cause[] {
  const causes = new Map<string, Cause>();
  for (const { reason, receivedAt } of letters) {
    const why = causeOf(reason);
    const known = causes.get(why);
    if (known) known.events += 1;
    else causes.set(why, { why, last: reason === `${why}.` ? '' : reason, events: 1, lastAt: receivedAt });
  }
  return [...causes.values()].sort((one, other) => other.events - one.events);
}

const broken = /^(.+?) is .*, (?:which is (no \w+)|(before 1970)|(more than \d+ s ahead)).*$/s;

function causeOf(reason: string): string {
  const [, column, type, early, ahead] = broken.exec(reason) ?? [];
  if (column) return `${column} is ${type ?? early ?? ahead}`;
  return reason
    .replace(/"(?:[^"\\]|\\.)*"/g, '…')
    .replace(/\.$/, '')
    .slice(0, 160);
}

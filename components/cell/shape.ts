import type { ColumnShape } from '#components/grid/profile.tsx';
import type { Profile } from '#lib/table/profile.ts';
import { kindOf } from '#lib/table/kind.ts';

const fewValues = 6;

/** What is drawn under a column's head: bars of its bins, parts of few values; its range in a few characters. */
export function shapeOf(profile: Profile, type: string): ColumnShape {
  const kind = kindOf(type);
  const { bins, nulls, seen } = profile;
  const highest = Math.max(1, nulls, ...bins.map((bin) => bin.count));
  const drawn = kind === 'number' || kind === 'time';
  const [from, to] = drawn ? range(profile, kind) : [distinct(profile), ''];
  return {
    bars: drawn ? bins.map((bin) => bin.count / highest) : [],
    parts: drawn ? [] : partsOf(profile),
    nulls: nulls / highest,
    from: nulls > 0 ? `${short(nulls)} null` : from,
    to: nulls > 0 && !drawn ? from : to || (seen === nulls ? '' : to),
  };
}

function partsOf({ top, seen, nulls, distinct }: Profile): number[] {
  const given = seen - nulls;
  if (given === 0) return [];
  const shares = top.map((each) => each.count / given);
  const rest = 1 - shares.reduce((sum, share) => sum + share, 0);
  return distinct <= fewValues || rest < 0.001 ? shares : [...shares, rest];
}

function range({ min, max }: Profile, kind: string): [string, string] {
  if (min === null || max === null) return ['', ''];
  if (kind === 'number') return [shortNumber(min), shortNumber(max)];
  return [shortTime(min, max), shortTime(max, min)];
}

function distinct({ distinct, isDistinctExact }: Profile): string {
  return `${isDistinctExact ? '' : 'over '}${short(distinct)} distinct`;
}

/** `546`, `32.5 k`, `1.2 M`: as much as fits under a head. */
export function shortNumber(text: string): string {
  const value = Number(text);
  const size = Math.abs(value);
  const sign = value < 0 ? '−' : '';
  if (size >= 1e12) return `${sign}${size.toExponential(1)}`;
  if (size >= 1e9) return `${sign}${(size / 1e9).toFixed(1)} B`;
  if (size >= 1e6) return `${sign}${(size / 1e6).toFixed(1)} M`;
  if (size >= 1e4) return `${sign}${(size / 1e3).toFixed(1)} k`;
  if (Number.isInteger(value)) return `${sign}${size.toLocaleString('en-GB')}`;
  return sign + size.toLocaleString('en-GB', { maximumSignificantDigits: 3 });
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A day where the other end is another day, else a time of day; the year where the years differ. */
export function shortTime(text: string, other: string): string {
  const [, year, month, day, time] = /^(-?\d+)-(\d\d)-(\d\d)(?: (\d\d:\d\d))?/.exec(text) ?? [];
  if (!year || !month || !day) return text.slice(0, 10);
  if (text.slice(0, 10) === other.slice(0, 10) && time) return time;
  const name = `${Number(day)} ${months[Number(month) - 1]}`;
  return other.startsWith(year) ? name : `${name} ${year}`;
}

function short(count: number): string {
  return shortNumber(String(count));
}

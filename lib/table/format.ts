import { kindOf } from './kind.ts';

/** Thousands apart in an exact number: no digit is rounded away. What is no plain number stays as it is. */
export function groupDigits(text: string): string {
  const match = /^(-?)(\d{4,})(\.\d+)?$/.exec(text);
  return match ? match[1] + match[2]!.replaceAll(/\B(?=(\d{3})+$)/g, ',') + (match[3] ?? '') : text;
}

/** The exact text of a value as the grid shows it. */
export function formatText(text: string, type: string): string {
  if (kindOf(type) === 'number') return groupDigits(text);
  return /^TIMESTAMP/i.test(type) ? text.replace(/ 00:00:00(\+00)?$/, '') : text;
}

/** A number on an axis or a tile: few digits, exact where they suffice. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const digits = Number.isInteger(value) || Math.abs(value) >= 1000 ? 0 : 3;
  return new Intl.NumberFormat('en', { maximumFractionDigits: digits, maximumSignificantDigits: undefined }).format(
    value,
  );
}

export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${groupDigits(String(count))} ${count === 1 ? one : many}`;
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const power = bytes < 1 ? 0 : Math.min(4, Math.floor(Math.log(bytes) / Math.log(1024)));
  const size = bytes / 1024 ** power;
  return `${power === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${units[power]}`;
}

export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

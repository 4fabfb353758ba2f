/*
 * Numbers and times as the product says them: 1,284 rows; 3.1 GB; 62 %; Mon 19 Oct; 2026-10-19; 14:02:11; minus is −.
 * The zone is always given: a server and a browser must say the same.
 */

const grouped = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

export function whole(value: number | bigint): string {
  return grouped.format(value).replace('-', '−');
}

/** `3 notebooks`, `1 notebook`, `no notebooks`. */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${value === 0 ? 'no' : whole(value)} ${value === 1 ? one : many}`;
}

export function percent(part: number, of: number, digits = 0): string {
  return of === 0 ? '–' : `${((part / of) * 100).toFixed(digits)} %`;
}

/** Bytes in steps of 1,000, as disks and networks count. */
export function size(bytes: number): { value: string; unit: string } {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let step = 0;
  while (value >= 999.5 && step < units.length - 1) {
    value /= 1000;
    step += 1;
  }
  return { value: step === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1), unit: units[step] ?? 'B' };
}

export function took(milliseconds: number): { value: string; unit: string } {
  if (milliseconds < 999.5) return { value: milliseconds.toFixed(0), unit: 'ms' };
  if (milliseconds < 99_950) return { value: (milliseconds / 1000).toFixed(milliseconds < 9_995 ? 2 : 1), unit: 's' };
  return { value: (milliseconds / 60_000).toFixed(1), unit: 'min' };
}

function part(at: Date, zone: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...options })
    .format(at)
    .replace(/,/g, '')
    .replace('Sept', 'Sep');
}

/** `Mon 19 Oct`. */
export function day(at: Date | string, zone: string): string {
  return part(new Date(at), zone, { weekday: 'short', day: 'numeric', month: 'short' });
}

/** `2026-10-19`. */
export function date(at: Date | string, zone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    new Date(at),
  );
}

/** `14:02`, with seconds `14:02:11`. */
export function clock(at: Date | string, zone: string, seconds = false): string {
  return part(new Date(at), zone, {
    hour: '2-digit',
    minute: '2-digit',
    second: seconds ? '2-digit' : undefined,
    hourCycle: 'h23',
  });
}

/** Short for a list: `14:02` today, `Mon 19 Oct` this year, `2025-10-19` before. */
export function when(at: Date | string, now: Date | string, zone: string): string {
  const given = date(at, zone);
  const today = date(now, zone);
  if (given === today) return clock(at, zone);
  return given.slice(0, 4) === today.slice(0, 4) ? day(at, zone) : given;
}

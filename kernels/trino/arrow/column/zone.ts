/*
 * From a clock on a wall in a zone to the instant. Trino tells a time with the zone's name and without its offset: in the
 * hour that a clock shows twice nobody can know which was meant, so such a time has no instant here.
 */

const day = 86_400;

export class Zone {
  readonly name: string;
  /** Seconds ahead of UTC where that never changes. */
  private readonly fixed: number | null;
  private readonly format: Intl.DateTimeFormat | null;
  private readonly offsets = new Map<number, number | null>();

  private constructor(name: string, fixed: number | null, format: Intl.DateTimeFormat | null) {
    this.name = name;
    this.fixed = fixed;
    this.format = format;
  }

  /** null when the name is none we know. */
  static of(name: string): Zone | null {
    if (name === 'UTC') return new Zone(name, 0, null);
    const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(name) ?? [];
    if (sign) return new Zone(name, (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60), null);
    if (!/^[A-Za-z][\w+/-]{0,60}$/.test(name)) return null;
    try {
      return new Zone(name, null, formatFor(name));
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  }

  /** Seconds since 1970 UTC of a local time; null when the clock showed it twice, never, or before our rules begin. */
  toInstant(days: number, seconds: number): number | null {
    const local = days * day + seconds;
    if (this.fixed !== null) return local - this.fixed;
    if (days < 0 || days > firstUnknown) return null;
    let offset = this.offsets.get(days);
    if (offset === undefined) this.offsets.set(days, (offset = this.offsetOn(days)));
    return offset === null ? this.search(local) : local - offset;
  }

  /** The day's offset; null when it changes on it or next to it. */
  private offsetOn(days: number): number | null {
    const around = [-1, 0, 1, 2].map((ahead) => this.offsetAt((days + ahead) * day));
    return around.every((offset) => offset === around[0]) ? around[0]! : null;
  }

  private search(local: number): number | null {
    const near = [-2, -1, -0.5, 0, 0.5, 1, 2].map((ahead) => this.offsetAt(local + ahead * day));
    const found = [...new Set(near)].map((offset) => local - offset).filter((at) => this.offsetAt(at) === local - at);
    return found.length === 1 ? found[0]! : null;
  }

  private offsetAt(instant: number): number {
    const parts: Record<string, number> = {};
    for (const { type, value } of this.format!.formatToParts(instant * 1000)) parts[type] = Number(value);
    const { year, month, day: date, hour, minute, second } = parts as Record<string, number>;
    return Date.UTC(year!, month! - 1, date, hour, minute, second) / 1000 - instant;
  }
}

/** 2038-01-01; rules beyond are promises. */
const firstUnknown = 24_837;

function formatFor(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
}

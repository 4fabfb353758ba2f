import type { Moment } from '#lib/stream/moment.ts';

/** What came in one minute of our clock. */
export interface Minute {
  /** Its beginning, ms since 1970. */
  start: number;
  events: number;
  /** ms by which the newest event of a moment was older than its arrival: the most. */
  behind: number;
}

const minuteMs = 60_000;

/** How events came, minute by minute, out of the moments of a log in their order. Only the newest minutes are kept. */
export class Minutes {
  /** The number of the first event that was not counted yet. */
  next: number;
  private list: Minute[] = [];
  private newest = -Infinity;
  private readonly most: number;

  constructor(next: number, most: number) {
    this.next = next;
    this.most = most;
  }

  take({ first, rows, received, parts }: Moment): void {
    this.next = Math.max(this.next, first + rows);
    this.newest = Math.max(this.newest, ...Object.values(parts));
    const minute = this.at(Math.floor(received / minuteMs) * minuteMs);
    minute.events += rows;
    minute.behind = Math.max(minute.behind, received - this.newest);
  }

  /** The last `most` minutes up to `now`, also those in which nothing came. */
  until(now: number): { start: number; events: number; behind: number | null }[] {
    const known = new Map(this.list.map((minute) => [minute.start, minute]));
    const last = Math.floor(now / minuteMs) * minuteMs;
    return Array.from({ length: this.most }, (_, index) => {
      const start = last - (this.most - 1 - index) * minuteMs;
      return known.get(start) ?? { start, events: 0, behind: null };
    });
  }

  private at(start: number): Minute {
    const last = this.list.at(-1);
    if (last?.start === start) return last;
    const minute = { start, events: 0, behind: 0 };
    this.list.push(minute);
    if (this.list.length > this.most) this.list.shift();
    return minute;
  }
}

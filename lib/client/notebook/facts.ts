import type { EventInput } from '#lib/telemetry/event.ts';

/*
 * Facts of use on their way to the server: gathered, sent a batch at a time, and handed to the browser when the page goes
 * away. Losing some is no harm, so it tries a few times and then drops them; it never holds anything up.
 */

export interface FactsParts {
  send(items: EventInput[]): Promise<boolean>;
  beacon(items: EventInput[]): boolean;
  /** ms between batches */
  every?: number;
}

const most = { perCall: 100, kept: 1000, tries: 3 };

export class Facts {
  private waiting: EventInput[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private tries = 0;
  private readonly parts: FactsParts;

  constructor(parts: FactsParts) {
    this.parts = parts;
  }

  note(item: EventInput): void {
    if (this.waiting.length < most.kept) this.waiting.push(item);
    this.timer ??= setTimeout(() => void this.send(), this.parts.every ?? 3000);
  }

  /** Sends what waits, as long as the server takes it. */
  async send(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const items = this.waiting.splice(0, most.perCall);
    if (items.length === 0) return;
    const taken = await this.parts.send(items);
    this.tries = taken ? 0 : this.tries + 1;
    if (!taken && this.tries < most.tries) this.waiting.unshift(...items);
    if (this.waiting.length > 0) this.timer ??= setTimeout(() => void this.send(), this.parts.every ?? 3000);
  }

  /** The page goes away: the browser sends what is left. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    while (this.waiting.length > 0) if (!this.parts.beacon(this.waiting.splice(0, most.perCall))) return;
  }
}

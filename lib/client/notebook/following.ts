import type { StreamHere, Streams } from './streams.ts';

/*
 * Cells follow the streams they read: every two seconds while the page is in sight, the last minutes of each live stream that
 * some cell reads are brought up to now, and those cells run again. What costs longer than that is followed less often.
 */

export interface FollowingParts {
  streams: Streams;
  /** The cells of this tab that read the stream and may run again by themselves now. */
  readersOf(name: string): string[];
  /** Runs them again, without it counting as someone's run. Resolves when it is decided, not when they ran. */
  runAgain(ids: string[]): void;
  isHidden?(): boolean;
  /** ms between two looks */
  every?: number;
  now?(): number;
}

/** Of the time between two looks, the most that looking may take. */
const share = 1 / 3;

export class Following {
  private readonly parts: FollowingParts;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isClosed = false;

  constructor(parts: FollowingParts) {
    this.parts = parts;
  }

  start(): void {
    this.goOnIn(this.parts.every ?? 2000);
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
  }

  /** One look; what is followed is run again where it has other rows. */
  async look(): Promise<void> {
    const { streams, readersOf, runAgain } = this.parts;
    const again = new Set<string>();
    for (const stream of streams.list.filter(({ isLive }) => isLive)) {
      if (readersOf(stream.name).length === 0) continue;
      const isOther = await this.refresh(stream);
      // Asked once more: what was good before the rows came may be edited now.
      if (isOther) for (const id of readersOf(stream.name)) again.add(id);
    }
    if (again.size > 0 && !this.isClosed) runAgain([...again]);
  }

  private refresh(stream: StreamHere): Promise<boolean> {
    return this.parts.streams.windowOf(stream).refresh();
  }

  private goOnIn(ms: number): void {
    if (!this.isClosed) this.timer = setTimeout(() => void this.goOn(), ms);
  }

  private async goOn(): Promise<void> {
    const { every = 2000, now = Date.now, isHidden = pageIsHidden } = this.parts;
    const began = now();
    if (!isHidden()) await this.look();
    this.goOnIn(Math.max(every, (now() - began) / share));
  }
}

function pageIsHidden(): boolean {
  return globalThis.document?.visibilityState === 'hidden';
}

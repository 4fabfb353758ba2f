import { Problem } from '#lib/server/problem.ts';
import type { Room } from './streams.ts';

/*
 * How much of what people send may wait in memory, of one stream and of all. Who comes when it is full is told to come again:
 * nothing of theirs was taken.
 */
export const waitingLimits = { perStream: 48 * 2 ** 20, inAll: 192 * 2 ** 20 };

export class Waiting {
  private limits: typeof waitingLimits;
  private byStream = new Map<string, number>();
  private inAll = 0;

  constructor(limits = waitingLimits) {
    this.limits = limits;
  }

  reserve(streamId: string, bytes: number): Room {
    let held = 0;
    const grow = (more: number) => {
      this.take(streamId, more);
      held += more;
    };
    const free = () => {
      this.take(streamId, -held);
      held = 0;
    };
    grow(bytes);
    return { grow, free };
  }

  private take(streamId: string, bytes: number): void {
    const waiting = (this.byStream.get(streamId) ?? 0) + bytes;
    const { perStream, inAll } = this.limits;
    if (bytes > 0 && (waiting > perStream || this.inAll + bytes > inAll)) throw busy();
    this.inAll += bytes;
    if (waiting === 0) this.byStream.delete(streamId);
    else this.byStream.set(streamId, waiting);
  }
}

function busy(): Problem {
  const detail = 'More events came than can be stored at once. Nothing of this batch was stored: send it again.';
  return new Problem(429, 'too-fast', detail, { retryAfter: 1 });
}

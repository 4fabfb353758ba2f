import type { Published } from '#lib/client/changes.ts';

/*
 * Cells follow the datasets they read: when one is published, the cells that had good rows of it run again, at most once a
 * second, and not before they are done. What takes long is followed less often: at most a third of the time goes into it. What
 * must not run by itself is told that its rows are of an older version.
 */

export interface RenewingParts {
  /** Takes the new version in; false where the dataset is not among those known. */
  grow(change: Published): boolean;
  /** Lists datasets again; gives the names of those whose rows are others now. */
  refresh(): Promise<string[]>;
  /** The cells that read the dataset and what follows from them: those that may run again now, those that must not, and whether some run. */
  readersOf(name: string): { ready: string[]; resting: string[]; isBusy: boolean };
  runAgain(ids: string[]): void;
  /** Their rows are of an older version. */
  outdate(ids: string[], name: string): void;
  now?(): number;
  /** ms between two runs of the same cells */
  every?: number;
}

interface Due {
  name: string;
  /** When its cells were run last, ms; null before. */
  ranAt: number | null;
  /** No run before, ms. */
  notBefore: number;
  isDue: boolean;
}

export class Renewing {
  private readonly parts: RenewingParts;
  private readonly known = new Map<string, Due>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isClosed = false;

  constructor(parts: RenewingParts) {
    this.parts = parts;
  }

  published(change: Published): void {
    if (this.isClosed) return;
    if (this.parts.grow(change)) this.mark([change.name]);
    else this.again();
  }

  /** Something may have been missed. */
  again(): void {
    if (!this.isClosed) void this.parts.refresh().then((names) => this.mark(names));
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
  }

  private mark(names: readonly string[]): void {
    for (const name of names) {
      const due = this.known.get(name) ?? { name, ranAt: null, notBefore: 0, isDue: false };
      this.known.set(name, { ...due, isDue: true });
    }
    if (names.length > 0 && !this.isClosed) this.look();
  }

  private look(): void {
    clearTimeout(this.timer);
    const { every = 1000 } = this.parts;
    for (const due of this.known.values()) this.renew(due, every);
    const isOpen = [...this.known.values()].some(({ isDue, ranAt }) => isDue || ranAt !== null);
    if (isOpen && !this.isClosed) this.timer = setTimeout(() => this.look(), every / 4);
  }

  private renew(due: Due, every: number): void {
    const { readersOf, runAgain, outdate, now = Date.now } = this.parts;
    const { ready, resting, isBusy } = readersOf(due.name);
    if (due.ranAt !== null && !isBusy) {
      due.notBefore = Math.max(due.ranAt + every, now() + 2 * (now() - due.ranAt - every));
      due.ranAt = null;
    }
    if (!due.isDue || due.ranAt !== null || isBusy || now() < due.notBefore) return;
    due.isDue = false;
    if (resting.length > 0) outdate(resting, due.name);
    if (ready.length === 0) return;
    due.ranAt = now();
    runAgain(ready);
  }
}

import type { TrinoTarget } from './target.ts';
import { decoder } from './threads.ts';
import { begin, end } from './transaction.ts';
import type { Wire } from './wire.ts';

/*
 * Read-only transactions begun ahead. Beginning one costs three round trips before a query's first row, so after a query
 * the next one's is begun while its person reads the answer. One that nothing was read in yet sees no earlier state than
 * one begun at that moment. There is at most one for each identity on a cluster, each is used once, and one that nobody
 * wanted is ended after a minute.
 */

export interface ReadyLimits {
  /** ms after which an unused one is ended; less than the time after which clusters end idle ones (5 minutes unless configured). */
  age: number;
  /** Of all identities together; the oldest is ended for another. */
  most: number;
}

const defaults: ReadyLimits = { age: 60_000, most: 32 };

interface Kept {
  wire: Wire;
  id: Promise<string>;
  timer: ReturnType<typeof setTimeout>;
}

export class ReadyTransactions {
  private readonly limits: ReadyLimits;
  /** The oldest first. */
  private readonly kept: Kept[] = [];
  private readonly endings = new Set<Promise<void>>();
  private isClosed = false;

  constructor(limits: ReadyLimits = defaults) {
    this.limits = limits;
  }

  /** The id of one begun for whom the target names, which is the taker's from now on; null where there is none. */
  take(target: TrinoTarget): Promise<string> | null {
    const at = this.kept.findIndex(({ wire }) => isSame(wire.target, target));
    return at < 0 ? null : this.remove(at).id;
  }

  /** Begins one unless there is one. A cluster that begins none is no failure here: the next query asks it and says so. */
  prepare(wire: Wire): void {
    if (this.isClosed || this.kept.some((each) => isSame(each.wire.target, wire.target))) return;
    if (this.kept.length >= this.limits.most) this.drop(0);
    const id = begin(wire, decoder);
    id.catch(() => this.forget(kept));
    const timer = setTimeout(() => this.drop(this.kept.indexOf(kept)), this.limits.age);
    timer.unref();
    const kept = { wire, id, timer };
    this.kept.push(kept);
  }

  /** Resolves when all that are being begun or ended are. */
  async settled(): Promise<void> {
    await Promise.all([...this.kept.map(({ id }) => id.catch(() => undefined)), ...this.endings]);
  }

  /** Ends all, and begins no other. */
  async close(): Promise<void> {
    this.isClosed = true;
    while (this.kept.length > 0) this.drop(0);
    await this.settled();
  }

  private drop(at: number): void {
    if (at < 0) return;
    const { wire, id } = this.remove(at);
    const ended = id.then((id) => end(wire, decoder, id)).catch(() => undefined);
    this.endings.add(ended);
    void ended.then(() => this.endings.delete(ended));
  }

  private forget(kept: Kept): void {
    const at = this.kept.indexOf(kept);
    if (at >= 0) this.remove(at);
  }

  private remove(at: number): Kept {
    const [kept] = this.kept.splice(at, 1);
    clearTimeout(kept!.timer);
    return kept!;
  }
}

/** Whether two targets are the same person on the same cluster, reached the same way. */
function isSame(one: TrinoTarget, other: TrinoTarget): boolean {
  return (
    one.url === other.url &&
    one.user === other.user &&
    one.authorization === other.authorization &&
    one.dispatcher === other.dispatcher
  );
}

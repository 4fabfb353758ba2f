/*
 * Places that people share: at most so many are held at a time, and of one person no more than their part. Who waits is
 * served by turns (the person served longest ago comes first, each person's own in the order they came), so that somebody
 * with many runs does not hold up one with a single. It counts and orders; what a place is, its holder knows.
 */

export interface TurnLimits {
  /** Places held by all at a time. */
  together: number;
  /** Places held by one person at a time. */
  perPerson: number;
  /** Places of `together` that only those for whom `isOf` holds may take. */
  kept?: { places: number; isOf(person: string): boolean };
}

interface Waiting {
  person: string;
  tell(before: number): void;
  serve(): void;
  refuse(error: Error): void;
}

export class Turns {
  private limits: TurnLimits;
  private held = new Map<string, number>();
  private waiting: Waiting[] = [];
  private lastServed = new Map<string, number>();
  private turn = 0;

  constructor(limits: TurnLimits) {
    this.limits = limits;
  }

  /** From now on; who has a place keeps it. */
  change(limits: TurnLimits): void {
    this.limits = limits;
    this.serve();
  }

  /**
   * Resolves with what gives the place back (calling it twice is fine). Rejects with the signal's reason when that aborts
   * first. While it waits, `tell` hears how many come before it: at once, and whenever that changes.
   */
  async take(person: string, signal: AbortSignal, tell: (before: number) => void = () => undefined) {
    signal.throwIfAborted();
    if (!this.hasPlace(person)) await this.wait(person, signal, tell);
    else this.hold(person);
    let isHeld = true;
    return () => {
      if (isHeld) this.leave(person);
      isHeld = false;
    };
  }

  /** How many of this person wait. */
  waitingOf(person: string): number {
    return this.waiting.filter((each) => each.person === person).length;
  }

  /** Nobody holds a place or waits for one. */
  get isIdle(): boolean {
    return this.held.size === 0 && this.waiting.length === 0;
  }

  /** Refuses all who wait. */
  refuse(error: Error): void {
    for (const { refuse } of this.waiting.splice(0)) refuse(error);
  }

  private hasPlace(person: string): boolean {
    const { together, perPerson, kept } = this.limits;
    if ((this.held.get(person) ?? 0) >= perPerson || this.heldBy(() => true) >= together) return false;
    if (!kept || kept.isOf(person)) return true;
    return this.heldBy((each) => !kept.isOf(each)) < together - kept.places;
  }

  private heldBy(isCounted: (person: string) => boolean): number {
    return [...this.held].reduce((sum, [person, count]) => (isCounted(person) ? sum + count : sum), 0);
  }

  private hold(person: string): void {
    this.held.set(person, (this.held.get(person) ?? 0) + 1);
    this.lastServed.set(person, ++this.turn);
  }

  private wait(person: string, signal: AbortSignal, tell: (before: number) => void): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const end = () => {
        signal.removeEventListener('abort', leave);
        this.waiting = this.waiting.filter((each) => each !== waiting);
      };
      const leave = () => {
        end();
        reject(signal.reason as Error);
        this.tellAll();
      };
      const serve = () => {
        end();
        resolve();
      };
      const waiting: Waiting = { person, tell, serve, refuse: (error) => (end(), reject(error)) };
      signal.addEventListener('abort', leave, { once: true });
      this.waiting.push(waiting);
      this.tellAll();
    });
  }

  private leave(person: string): void {
    const count = (this.held.get(person) ?? 1) - 1;
    if (count === 0) this.held.delete(person);
    else this.held.set(person, count);
    this.serve();
  }

  private serve(): void {
    for (let next = this.next(); next; next = this.next()) {
      this.hold(next.person);
      next.serve();
    }
    this.forgetGone();
    this.tellAll();
  }

  private next(): Waiting | undefined {
    const free = this.waiting.filter((each) => this.hasPlace(each.person));
    return inTurn(free, this.lastServed)[0];
  }

  private tellAll(): void {
    for (const [before, { tell }] of inTurn(this.waiting, this.lastServed).entries()) tell(before);
  }

  /** Who neither holds nor waits starts anew, so that the map does not grow with everyone who ever came. */
  private forgetGone(): void {
    if (this.isIdle) this.lastServed.clear();
  }
}

/** Everyone who waits in the order of their turns, were one place given after another. */
function inTurn(waiting: Waiting[], lastServed: Map<string, number>): Waiting[] {
  const served = new Map(lastServed);
  let turn = Math.max(0, ...served.values());
  const rest = [...waiting];
  const order: Waiting[] = [];
  while (rest.length > 0) {
    const when = ({ person }: Waiting) => served.get(person) ?? 0;
    const index = rest.reduce((best, each, at) => (when(each) < when(rest[best]!) ? at : best), 0);
    const [next] = rest.splice(index, 1);
    served.set(next!.person, ++turn);
    order.push(next!);
  }
  return order;
}

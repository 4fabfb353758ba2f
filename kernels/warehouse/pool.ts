import { Child } from './process.ts';

/*
 * Children for runs: at most so many at a time, one spare kept warm, each used once and never shared between people.
 * Who waits is served by turns, and nobody holds every place, so that a person with many runs does not hold up one with a
 * single. A place is free when its process is gone, whether or not anyone still waits for what it says.
 */

interface Waiting {
  person: string;
  serve(child: Promise<Child>): void;
  refuse(error: Error): void;
}

export class Pool {
  private most: number;
  private held = new Map<string, number>();
  private children = new Set<Child>();
  private spare: Promise<Child> | null = null;
  private waiting: Waiting[] = [];
  private lastServed = new Map<string, number>();
  private turn = 0;
  private closed = false;

  constructor(most: number) {
    this.most = most;
  }

  /** A child for one request of this person; waits for a place. Rejects when the signal aborts first. */
  async take(person: string, signal: AbortSignal): Promise<Child> {
    signal.throwIfAborted();
    if (this.closed) throw new Error('The warehouse is closed.');
    return this.hasPlace(person) ? this.next(person) : this.wait(person, signal);
  }

  /** Ends the child; its place is free when it is gone. */
  release(child: Child): void {
    child.kill('stopped');
  }

  /** The processes that run for someone now. */
  get pids(): number[] {
    return [...this.children].flatMap((child) => child.pid ?? []);
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const { refuse } of this.waiting.splice(0)) refuse(new Error('The warehouse is closed.'));
    const spare = await this.spare?.catch(() => null);
    const children = spare ? [...this.children, spare] : [...this.children];
    for (const child of children) child.kill('stopped');
    await Promise.all(children.map((child) => child.gone()));
  }

  private hasPlace(person: string): boolean {
    const total = [...this.held.values()].reduce((sum, count) => sum + count, 0);
    const own = Math.max(1, this.most - 1);
    return total < this.most && (this.held.get(person) ?? 0) < own;
  }

  private async next(person: string): Promise<Child> {
    this.held.set(person, (this.held.get(person) ?? 0) + 1);
    this.lastServed.set(person, ++this.turn);
    try {
      const child = await this.fresh();
      this.children.add(child);
      void child.gone().then(() => this.left(person, child));
      return child;
    } catch (error) {
      this.left(person, null);
      throw error;
    }
  }

  private async fresh(): Promise<Child> {
    const spare = this.spare ?? started();
    this.spare = null;
    const child = await spare;
    if (!this.closed) this.spare ??= started();
    return child.isAlive ? child : started();
  }

  private wait(person: string, signal: AbortSignal): Promise<Child> {
    return new Promise<Child>((resolve, reject) => {
      const leave = () => {
        this.waiting = this.waiting.filter((each) => each !== waiting);
        reject(signal.reason as Error);
      };
      const serve = (child: Promise<Child>) => {
        signal.removeEventListener('abort', leave);
        resolve(child);
      };
      const waiting: Waiting = { person, serve, refuse: reject };
      signal.addEventListener('abort', leave, { once: true });
      this.waiting.push(waiting);
    });
  }

  private left(person: string, child: Child | null): void {
    if (child) this.children.delete(child);
    const count = (this.held.get(person) ?? 1) - 1;
    if (count === 0) this.held.delete(person);
    else this.held.set(person, count);
    const next = this.waiting.filter((each) => this.hasPlace(each.person)).sort(this.byTurn)[0];
    if (!next) return;
    this.waiting = this.waiting.filter((each) => each !== next);
    next.serve(this.next(next.person));
  }

  /** Who was served longest ago comes first. */
  private byTurn = (one: Waiting, other: Waiting): number =>
    (this.lastServed.get(one.person) ?? 0) - (this.lastServed.get(other.person) ?? 0);
}

async function started(): Promise<Child> {
  const child = new Child();
  await child.ready();
  return child;
}

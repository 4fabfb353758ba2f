import { Child } from './process.ts';

/*
 * Children for runs: at most so many at a time, one spare kept warm, each used once and never shared between people.
 * Who waits is served by turns: a person with many runs waiting does not hold up a person with one.
 */

interface Waiting {
  person: string;
  serve(child: Promise<Child>): void;
  refuse(error: Error): void;
}

export class Pool {
  private most: number;
  private running = new Set<Child>();
  private count = 0;
  private spare: Promise<Child> | null = null;
  private waiting: Waiting[] = [];
  private lastServed = new Map<string, number>();
  private turn = 0;
  private closed = false;

  constructor(most: number) {
    this.most = most;
  }

  /** Makes the first child before it is asked for. */
  warm(): void {
    if (!this.spare && !this.closed) this.spare = started();
  }

  /** A child for one request of this person; waits for a place. Give it back with `release`. */
  async take(person: string, signal: AbortSignal): Promise<Child> {
    signal.throwIfAborted();
    if (this.closed) throw new Error('The warehouse is closed.');
    const child = await (this.count < this.most ? this.next(person) : this.wait(person, signal));
    this.running.add(child);
    return child;
  }

  /** Ends the child and lets the next one in. */
  release(child: Child): void {
    child.kill('stopped');
    this.running.delete(child);
    this.leave();
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const { refuse } of this.waiting.splice(0)) refuse(new Error('The warehouse is closed.'));
    const children = [...this.running];
    const spare = await this.spare?.catch(() => null);
    if (spare) children.push(spare);
    for (const child of children) child.kill('stopped');
    await Promise.all(children.map((child) => child.gone()));
  }

  private async next(person: string): Promise<Child> {
    this.count++;
    this.lastServed.set(person, ++this.turn);
    try {
      return await this.fresh();
    } catch (error) {
      this.leave();
      throw error;
    }
  }

  private async fresh(): Promise<Child> {
    const spare = this.spare ?? started();
    this.spare = null;
    const child = await spare;
    this.warm();
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

  private leave(): void {
    this.count--;
    const next = this.waiting.toSorted((one, other) => this.served(one) - this.served(other))[0];
    if (!next) return;
    this.waiting = this.waiting.filter((each) => each !== next);
    next.serve(this.next(next.person));
  }

  private served({ person }: Waiting): number {
    return this.lastServed.get(person) ?? 0;
  }
}

async function started(): Promise<Child> {
  const child = new Child();
  await child.ready();
  return child;
}

import { Turns } from '#kernels/turns.ts';
import { Child } from './process.ts';

/*
 * Children for runs: at most so many at a time, one spare kept warm, each used once and never shared between people.
 * Who waits is served by turns, and nobody holds every place, so that a person with many runs does not hold up one with a
 * single. A place is free when its process is gone, whether or not anyone still waits for what it says.
 */

/** Whose turn a job's window takes; one place is kept for them, so that people's queries never hold up all jobs. */
export const jobPerson = (id: string): string => `job:${id}`;
const kept = { places: 1, isOf: (person: string) => person.startsWith('job:') };

export class Pool {
  private turns: Turns;
  private children = new Set<Child>();
  private standing = new Set<Child>();
  private spare: Promise<Child> | null = null;
  private closed = false;

  constructor(most: number) {
    this.turns = new Turns({
      together: most,
      perPerson: Math.max(1, most - 1),
      ...(most > 2 ? { kept } : {}),
    });
  }

  /** A child for one request of this person; waits for a place. Rejects when the signal aborts first. */
  async take(person: string, signal: AbortSignal): Promise<Child> {
    if (this.closed) throw new Error('The warehouse is closed.');
    const leave = await this.turns.take(person, signal);
    try {
      const child = await this.fresh();
      this.children.add(child);
      void child.gone().then(() => this.left(child, leave));
      return child;
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** A place without a child, for who has one that stands; call what it gives to leave it. */
  async turn(person: string, signal: AbortSignal): Promise<() => void> {
    if (this.closed) throw new Error('The warehouse is closed.');
    return this.turns.take(person, signal);
  }

  /** A child that takes up no place by itself: whoever has it lets it work in their turns only. */
  async stand(): Promise<Child> {
    const child = await this.fresh();
    if (this.closed) child.kill('stopped');
    this.standing.add(child);
    void child.gone().then(() => this.standing.delete(child));
    return child;
  }

  /** Ends the child; its place is free when it is gone. */
  release(child: Child): void {
    child.kill('stopped');
  }

  /** The processes that run for someone now. */
  get pids(): number[] {
    return [...this.children].flatMap((child) => child.pid ?? []);
  }

  get standingPids(): number[] {
    return [...this.standing].flatMap((child) => child.pid ?? []);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.turns.refuse(new Error('The warehouse is closed.'));
    const spare = await this.spare?.catch(() => null);
    const children = [...this.children, ...this.standing, ...(spare ? [spare] : [])];
    for (const child of children) child.kill('stopped');
    await Promise.all(children.map((child) => child.gone()));
  }

  private async fresh(): Promise<Child> {
    const spare = this.spare ?? started();
    this.spare = null;
    const child = await spare;
    if (!this.closed) this.spare ??= started();
    return child.isAlive ? child : started();
  }

  private left(child: Child, leave: () => void): void {
    this.children.delete(child);
    leave();
  }
}

async function started(): Promise<Child> {
  const child = new Child();
  await child.ready();
  return child;
}

import type { KernelError } from '#kernels/kernel.ts';
import { Stop, loadedOf, lost, type WarehouseKernel } from './kernel.ts';
import type { Child } from './process.ts';
import { fromChild, type Reply, type Written } from './protocol.ts';
import { repliesOf, type BuildTask, type TaskOptions } from './task.ts';

/*
 * Builds of one job that follow each other closely, in a child that stays between them: starting one costs more than a small
 * window does. Each build waits for its turn as any other, and has an engine that knows nothing of the one before; windows that are
 * asked for together are a build.
 */

/** Without a build for so long the child goes, ms; and after so many, as memory that was freed is not always given back. */
const limits = { idle: 20_000, builds: 500 };

export class BuildWorkshop {
  private kernel: WarehouseKernel;
  private person: string;
  private child: Child | null = null;
  /** False when it ended instead of saying that it can take another. */
  private ready = Promise.resolve(true);
  private builds = 0;
  private work: Promise<unknown> = Promise.resolve();
  private rest: ReturnType<typeof setTimeout> | undefined;

  constructor(kernel: WarehouseKernel, person: string) {
    this.kernel = kernel;
    this.person = person;
  }

  /** One after the other, in the order they were asked for. A reply for each window, or for the first ones, if they took long. */
  build(task: BuildTask, options: Omit<TaskOptions, 'person'>): Promise<Reply<Written>[]> {
    const mine = this.work.then(() => this.inTurn(task, options));
    this.work = mine.catch(() => undefined);
    return mine;
  }

  async close(): Promise<void> {
    clearTimeout(this.rest);
    this.leave();
    await this.work;
    this.leave();
  }

  private async inTurn(
    task: BuildTask,
    { signal, timeout, log }: Omit<TaskOptions, 'person'>,
  ): Promise<Reply<Written>[]> {
    clearTimeout(this.rest);
    // A signal of its own: a job's lives long, and must not keep every build that ever listened to it.
    const over = new AbortController();
    const end = () => over.abort();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    const stop = new Stop(over.signal, timeout);
    try {
      const leave = await this.kernel.pool.turn(this.person, stop.signal).catch(() => null);
      if (!leave) return [failed(stop.error() ?? lost())];
      return await this.inChild(task, stop, log).finally(leave);
    } finally {
      stop.clear();
      signal.removeEventListener('abort', end);
      this.rest = setTimeout(() => this.leave(), limits.idle);
      this.rest.unref();
    }
  }

  private async inChild(task: BuildTask, stop: Stop, log: TaskOptions['log']): Promise<Reply<Written>[]> {
    const { relations, arrow } = await loadedOf(task.relations, stop.signal);
    const child = await this.standing();
    stop.stopping(child);
    await child.ask({ ...task, task: 'build', relations, limits: this.kernel.limits, stays: true }, arrow);
    const replies = await this.take(repliesOf<Written>(child, stop, log), 1 + (task.others?.length ?? 0), child);
    this.builds += 1;
    if (stop.signal.aborted || this.builds >= limits.builds) this.leave();
    return replies;
  }

  /** All of the replies, or fewer when the child is ready, or gone, before; that it is ready after the last is not waited for. */
  private async take(replies: Replies, windows: number, child: Child): Promise<Reply<Written>[]> {
    const taken: Reply<Written>[] = [];
    for (let next = await replies.next(); ; next = await replies.next()) {
      if (!next.done) taken.push(next.value);
      if (next.done || taken.length === windows) {
        this.ready = next.done ? Promise.resolve(next.value) : isReady(child);
        return taken;
      }
    }
  }

  private async standing(): Promise<Child> {
    if (this.child?.isAlive && (await this.ready)) return this.child;
    this.leave();
    this.child = await this.kernel.pool.stand();
    this.ready = Promise.resolve(true);
    this.builds = 0;
    return this.child;
  }

  private leave(): void {
    this.child?.kill('stopped');
    this.child = null;
  }
}

type Replies = ReturnType<typeof repliesOf<Written>>;

async function isReady(child: Child): Promise<boolean> {
  return (await child.next())?.kind === fromChild.ready;
}

function failed(error: KernelError): { ok: false; error: KernelError } {
  return { ok: false, error };
}

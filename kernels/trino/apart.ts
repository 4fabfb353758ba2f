import { Worker } from 'node:worker_threads';
import { tokenize } from '#lib/sql/token.ts';
import { distinctNames, type NameRead } from './parse.ts';

/*
 * SECURITY 1, 3. What a text reads, worked out off the event loop: the grammar takes seconds for a kilobyte of nested brackets,
 * and its memory grows with what it has seen. A text that takes too long, or nests deeper than people write, counts as one
 * that cannot be parsed: it reads nothing here, and the engine says what is wrong with it.
 */

export interface Asked {
  source: string;
}
export interface Told {
  names: NameRead[] | null;
}

export interface ReaderOptions {
  /** Threads at most. */
  threads?: number;
  /** ms for one text, a thread's own start included. */
  patience?: number;
}

/** Time grows with the square of it. */
const deepest = 100;
const resourceLimits = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 };

/** Texts wait in the order they came. Threads begin with the first text and keep no process alive. */
export class Reader {
  private readonly threads: number;
  private readonly patience: number;
  private idle: Worker[] = [];
  private readonly waiting: ((worker: Worker) => void)[] = [];
  private busy = 0;

  constructor({ threads = 2, patience = 10_000 }: ReaderOptions = {}) {
    this.threads = threads;
    this.patience = patience;
  }

  /** As namesRead of parse.ts. */
  async namesRead(source: string): Promise<NameRead[] | null> {
    if (isTooDeep(source)) return null;
    const worker = await this.take();
    const told = await ask(worker, { source }, this.patience);
    this.giveBack(told ? worker : null);
    return told?.names ?? null;
  }

  /** As readsOf of parse.ts. */
  async readsOf(source: string): Promise<string[]> {
    return distinctNames((await this.namesRead(source)) ?? []);
  }

  private async take(): Promise<Worker> {
    if (this.busy >= this.threads) return new Promise((resolve) => this.waiting.push(resolve));
    this.busy += 1;
    return this.idle.pop() ?? this.begin();
  }

  /** null: it is gone. */
  private giveBack(worker: Worker | null): void {
    const next = this.waiting.shift();
    if (next) return next(worker ?? this.begin());
    this.busy -= 1;
    if (worker) this.idle.push(worker);
  }

  private begin(): Worker {
    const worker = new Worker(new URL('apart-worker.ts', import.meta.url), {
      name: 'trino names',
      resourceLimits,
      execArgv: [],
    });
    worker.on('error', () => undefined); // whoever asked it hears that it ended
    worker.on('exit', () => (this.idle = this.idle.filter((each) => each !== worker)));
    worker.unref();
    return worker;
  }
}

const reader = new Reader();
export const namesReadApart = (source: string): Promise<NameRead[] | null> => reader.namesRead(source);
export const readsOfApart = (source: string): Promise<string[]> => reader.readsOf(source);

/** null when the thread ended, or was ended because it took too long. */
function ask(worker: Worker, asked: Asked, patience: number): Promise<Told | null> {
  return new Promise((resolve) => {
    const late = setTimeout(() => void worker.terminate(), patience);
    const end = (told: Told | null) => {
      clearTimeout(late);
      worker.off('message', end).off('exit', gone).unref();
      resolve(told);
    };
    const gone = () => end(null);
    worker.on('message', end).on('exit', gone).ref();
    worker.postMessage(asked, []);
  });
}

function isTooDeep(source: string): boolean {
  let depth = 0;
  for (const { kind, from } of tokenize(source, 'trino')) {
    if (kind !== 'operator') continue;
    if (source[from] === '(' || source[from] === '[') depth += 1;
    if (source[from] === ')' || source[from] === ']') depth -= 1;
    if (depth > deepest) return true;
  }
  return false;
}

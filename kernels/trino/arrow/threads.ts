import { Worker } from 'node:worker_threads';
import type { Order, Reply } from './message.ts';

/** A thread ended while it held a page. */
export class DecoderDied extends Error {
  override readonly name = 'DecoderDied';
  /** Whether it was for want of memory. */
  readonly isMemory: boolean;

  constructor(message: string, isMemory = false) {
    super(message);
    this.isMemory = isMemory;
  }
}

/**
 * Buffers are outside of these; a page's rows become no objects, and what does is bounded (page.ts, string.ts), because V8
 * ends the whole process when JSON.parse meets the limit, and not the thread alone.
 */
const resourceLimits = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 };

/** Starts a thread that reads pages; it does not keep the process alive. */
export function startThread(): Worker {
  const worker = new Worker(new URL('worker.ts', import.meta.url), {
    name: 'trino pages',
    resourceLimits,
    execArgv: [],
  });
  worker.unref();
  return worker;
}

/** Decoding threads, started when there is work and none is idle. Each order goes to the one that holds the fewest. */
export class Threads {
  private readonly most: number;
  private readonly start: () => Worker;
  private threads: Thread[] = [];
  private count = 0;
  private isClosed = false;

  constructor(most: number, start = startThread) {
    this.most = most;
    this.start = start;
  }

  ask(order: Omit<Order, 'id'>): Promise<Reply> {
    if (this.isClosed) return Promise.reject(new DecoderDied('The decoder was closed.'));
    return this.idlest().ask({ ...order, id: ++this.count });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all(this.threads.map((thread) => thread.end()));
  }

  private idlest(): Thread {
    const free = this.threads.toSorted((one, other) => one.held - other.held)[0];
    if (free && (free.held === 0 || this.threads.length >= this.most)) return free;
    const thread = new Thread(this.start(), () => (this.threads = this.threads.filter((each) => each !== thread)));
    this.threads.push(thread);
    return thread;
  }
}

interface Held {
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

class Thread {
  private readonly worker: Worker;
  private readonly holds = new Map<number, Held>();

  constructor(worker: Worker, ended: () => void) {
    this.worker = worker;
    this.worker.on('message', (reply: Reply) => this.settle(reply));
    const die = (why: string, isMemory = false) => {
      ended();
      this.die(why, isMemory);
    };
    this.worker.on('error', (error) =>
      die(error instanceof Error ? error.message : String(error), isOutOfMemory(error)),
    );
    this.worker.on('messageerror', (error) => die(error.message));
    this.worker.on('exit', () => die('nobody said why'));
  }

  get held(): number {
    return this.holds.size;
  }

  ask(order: Order): Promise<Reply> {
    const chunks = order.chunks.map(movable);
    return new Promise((resolve, reject) => {
      this.holds.set(order.id, { resolve, reject });
      this.worker.ref();
      this.worker.postMessage({ ...order, chunks }, [...new Set(chunks.map((chunk) => chunk.buffer as ArrayBuffer))]);
    });
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }

  private settle(reply: Reply): void {
    this.holds.get(reply.id)?.resolve(reply);
    this.holds.delete(reply.id);
    if (this.holds.size === 0) this.worker.unref();
  }

  private die(why: string, isMemory: boolean): void {
    for (const { reject } of this.holds.values())
      reject(new DecoderDied(`The thread that read the cluster's answer ended: ${why}. Run it again.`, isMemory));
    this.holds.clear();
  }
}

/** What node says of a thread that met its resource limits. */
function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

/** A view of a whole buffer moves as it is; a part of one, or of a shared pool, is copied out first. */
function movable(chunk: Uint8Array): Uint8Array {
  const isWhole =
    chunk.byteOffset === 0 && chunk.byteLength === chunk.buffer.byteLength && chunk.buffer instanceof ArrayBuffer;
  return isWhole ? new Uint8Array(chunk.buffer) : new Uint8Array(chunk);
}

import os from 'node:os';
import { EventDecoder } from '#kernels/events.ts';
import type { Code, Inputs, Kernel, KernelError, KernelEvent, Relation, RunOptions } from '#kernels/kernel.ts';
import { ownWords } from './failure.ts';
import { Pool } from './pool.ts';
import type { Child } from './process.ts';
import type { Limits, Loaded } from './protocol.ts';
import { Reader } from './reader.ts';

/*
 * DuckDB on the server. The SQL of a run never touches this process: it goes to a child that is locked, watched and used
 * once. This half only asks, passes events on as they come, and decides how a run ended when the child could not say.
 */

export interface WarehouseOptions {
  /** Runs at a time; the others wait by turns. */
  most?: number;
  limits?: Limits;
  /** Wall clock of a run that names none, ms. */
  timeout?: number;
}

export interface PersonRunOptions extends RunOptions {
  /** Whose run it is, for fair turns. */
  person?: string;
}

/** After Stop was asked, ms until the child is killed. */
const grace = 400;

export function defaultLimits(): Limits {
  const memory = Math.min(4 * 2 ** 30, Math.max(512 * 2 ** 20, Math.floor(os.totalmem() / 4)));
  return { memory, threads: Math.max(1, Math.min(4, os.availableParallelism())) };
}

export class WarehouseKernel implements Kernel {
  readonly engine = 'warehouse';
  readonly pool: Pool;
  readonly limits: Limits;
  private timeout: number;
  private reader: Reader;

  constructor(options: WarehouseOptions = {}) {
    this.limits = options.limits ?? defaultLimits();
    this.timeout = options.timeout ?? 300_000;
    this.pool = new Pool(options.most ?? 4);
    this.reader = new Reader(this.limits);
  }

  reads(source: string): Promise<string[]> {
    return this.reader.reads(source);
  }

  async *run(code: Code, inputs: Inputs, options: PersonRunOptions): AsyncGenerator<KernelEvent> {
    const stop = new Stop(options.signal, options.timeout ?? this.timeout);
    try {
      yield* this.inChild(code, inputs, options, stop);
    } finally {
      stop.clear();
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.pool.close(), this.reader.close()]);
  }

  private async *inChild(
    code: Code,
    inputs: Inputs,
    options: PersonRunOptions,
    stop: Stop,
  ): AsyncGenerator<KernelEvent> {
    const child = await this.pool.take(options.person ?? '', stop.signal).catch(() => null);
    if (!child) return yield failed(stop.error() ?? lost());
    stop.stopping(child);
    try {
      await child.ask(...(await this.request(code, inputs, options)));
      for await (const event of eventsOf(child, stop)) {
        if (event.type === 'done' || event.type === 'failed') this.pool.release(child);
        yield event;
      }
    } catch (error) {
      yield failed(stop.error() ?? couldNotRead(error));
    } finally {
      this.pool.release(child);
    }
  }

  private async request(code: Code, inputs: Inputs, options: PersonRunOptions) {
    const { relations, arrow } = await loadedOf(inputs.relations, options.signal);
    const limit = options.limit ?? null;
    const { source } = code;
    return [
      { task: 'run', source, parameters: inputs.parameters, relations, limit, limits: this.limits },
      arrow,
    ] as Parameters<Child['ask']>;
  }
}

export async function loadedOf(
  relations: Record<string, Relation>,
  signal: AbortSignal,
): Promise<{ relations: Loaded[]; arrow: Uint8Array[] }> {
  const arrow: Uint8Array[] = [];
  const loaded: Loaded[] = [];
  for (const [name, relation] of Object.entries(relations)) {
    if (relation.kind === 'parquet') loaded.push({ ...relation, name });
    else if (relation.kind === 'query')
      throw new Error(`${name} is a query of a cluster, which the warehouse cannot read.`);
    else {
      arrow.push(await relation.ipc(signal));
      loaded.push({ name, kind: 'arrow' });
    }
  }
  return { relations: loaded, arrow };
}

async function* eventsOf(child: Child, stop: Stop): AsyncGenerator<KernelEvent> {
  const decoder = new EventDecoder();
  for (let frame = await child.next(); frame; frame = await child.next()) {
    const event = decoder.decode(frame);
    if (!event) continue;
    if (event.type === 'failed') return yield failed(stop.error() ?? event.error);
    yield event;
    if (event.type === 'done') return;
  }
  yield failed(stop.error() ?? (child.killed === 'memory' ? memory() : lost()));
}

/** The two ways a run is ended from outside: its signal, and the wall clock. */
export class Stop {
  readonly signal: AbortSignal;
  private given: AbortSignal;
  private clock = new AbortController();
  private ms: number;
  private timer: ReturnType<typeof setTimeout>;
  private killTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(given: AbortSignal, ms: number) {
    this.given = given;
    this.ms = ms;
    this.timer = setTimeout(() => this.clock.abort(), ms);
    this.signal = AbortSignal.any([given, this.clock.signal]);
  }

  /** Interrupts the child when the run is stopped, and kills it when that does not help. */
  stopping(child: Child): void {
    const end = () => {
      child.interrupt();
      this.killTimer = setTimeout(() => child.kill('stopped'), grace);
    };
    if (this.signal.aborted) end();
    else this.signal.addEventListener('abort', end, { once: true });
  }

  /** Why it was stopped; null when it was not. */
  error(): KernelError | null {
    if (this.given.aborted) return { code: 'cancelled', message: 'Stopped.' };
    if (this.clock.signal.aborted) return timedOut(this.ms);
    return null;
  }

  clear(): void {
    clearTimeout(this.timer);
    clearTimeout(this.killTimer);
  }
}

const failed = (error: KernelError): KernelEvent => ({ type: 'failed', error });

export function timedOut(ms: number): KernelError {
  const message = `The query took longer than ${ms / 1000} s and was stopped.`;
  return { code: 'timeout', message, hint: 'Filter earlier, or read fewer rows.' };
}

export function memory(): KernelError {
  return {
    code: 'memory',
    message: 'The query needed more memory than it may use.',
    hint: 'Filter or aggregate earlier, select fewer columns, or avoid a join without a condition.',
  };
}

export function lost(): KernelError {
  return {
    code: 'lost',
    message: 'The engine died while it ran the query.',
    hint: 'Run it again; your datasets are unharmed.',
  };
}

function couldNotRead(error: unknown): KernelError {
  return {
    code: 'runtime',
    message: 'What the query reads could not be handed to the warehouse.',
    detail: ownWords(error),
  };
}

import type { Code, Inputs, Kernel, KernelError, KernelEvent, RunOptions } from '#kernels/kernel.ts';
import { answer, checkStatement, compileCode } from './answer.ts';
import { ownAssets, type Assets } from './engine.ts';
import { nowhere, toKernelError } from './error.ts';
import { KernelFailure } from '#kernels/failure.ts';
import type { LocalTable } from './local.ts';
import { openFile } from './files.ts';
import { Host, type EngineState, type Running } from './host.ts';
import { readNames } from './names.ts';
import { Stop } from '#kernels/stop.ts';
import { Turns, untilStopped } from './turns.ts';

/*
 * The kernel of the browser: DuckDB-WASM in a worker, one run at a time. It starts at the first use. A run is a read-only
 * transaction that is rolled back; Stop asks the engine, and after a short grace ends the worker, whose tables come back by
 * themselves when a cell reads them. Results are not kept: who wants one read again passes it in as a relation.
 */

export interface BrowserKernel extends Kernel {
  readonly engine: 'browser';
  /** Starts DuckDB now, to have it warm; rejects with a KernelFailure when it cannot. */
  start(): Promise<void>;
  /**
   * Makes a file a table under `name`: CSV, TSV, NDJSON, JSON, Parquet or Arrow IPC. Rejects with a KernelFailure that
   * says what is wrong with the file; then nothing changed.
   */
  addFile(name: string, file: File, progress?: (fraction: number) => void, signal?: AbortSignal): Promise<LocalTable>;
  removeFile(name: string): Promise<void>;
  /** The local files, in the order they came. */
  tables(): LocalTable[];
  /** Drops relations that are not listed, to give memory back. */
  retain(names: Iterable<string>): Promise<void>;
  /** Bytes DuckDB holds; null while it is not running. */
  memory(): Promise<number | null>;
  /** Calls back whenever the engine's state changes; returns how to stop listening. */
  onState(listener: (state: EngineState) => void): () => void;
}

export interface BrowserKernelOptions {
  assets?: Assets;
  /** Milliseconds a stopped engine has to answer before its worker is ended. */
  grace?: number;
}

/** Makes the kernel; nothing is fetched before its first use. */
export function createBrowserKernel({ assets, grace = 250 }: BrowserKernelOptions = {}): BrowserKernel {
  return new DuckDBKernel(new Host(() => assets ?? ownAssets(), grace));
}

class DuckDBKernel implements BrowserKernel {
  readonly engine = 'browser';
  private readonly turns = new Turns();
  private readonly files = new Map<string, LocalTable>();
  private readonly host: Host;

  constructor(host: Host) {
    this.host = host;
  }

  async start(): Promise<void> {
    await this.host.running();
  }

  async reads(source: string): Promise<string[]> {
    const { engine } = await this.host.running();
    return readNames(engine, source);
  }

  async *run(code: Code, inputs: Inputs, options: RunOptions): AsyncGenerator<KernelEvent> {
    const stop = new Stop(options);
    try {
      const { running, leave } = await this.enter(stop);
      try {
        yield* this.answer(running, code, inputs, options, stop);
      } finally {
        leave();
      }
    } catch (error) {
      yield { type: 'failed', error: this.explain(error, stop) };
    } finally {
      stop.close();
    }
  }

  async addFile(
    name: string,
    file: File,
    progress: (fraction: number) => void = () => undefined,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<LocalTable> {
    const local = await openFile(name, file);
    const made = await this.alone(signal, async ({ tables }) => {
      await tables.loadFile(local, progress);
      return tables.describe(name);
    });
    const table = { ...local, ...made };
    this.files.set(name.toLowerCase(), table);
    return table;
  }

  async removeFile(name: string): Promise<void> {
    if (!this.files.delete(name.toLowerCase())) return;
    await this.alone(new AbortController().signal, ({ tables }) => tables.drop(name));
  }

  tables(): LocalTable[] {
    return [...this.files.values()];
  }

  async retain(names: Iterable<string>): Promise<void> {
    if (!this.host.started) return;
    const all = [...names, ...this.files.keys()];
    await this.alone(new AbortController().signal, ({ tables }) => tables.retain(all));
  }

  async memory(): Promise<number | null> {
    const running = await this.host.started?.catch(() => null);
    return running ? running.engine.memory() : null;
  }

  onState(listener: (state: EngineState) => void): () => void {
    return this.host.onState(listener);
  }

  async close(): Promise<void> {
    await this.host.end('The kernel was closed.');
  }

  private async *answer({ engine, tables }: Running, code: Code, inputs: Inputs, options: RunOptions, stop: Stop) {
    const compiled = compileCode(code, inputs);
    await checkStatement(engine, compiled, code.source);
    await tables.prepare(compiled.sql, inputs.relations, this.tables(), stop.signal);
    if (stop.reason) throw new KernelFailure(stop.error());
    const names = [...Object.keys(inputs.relations), ...this.files.keys()];
    const done = yield* answer(engine, compiled, code.source, names, options.limit ?? Infinity);
    if (stop.reason) throw new KernelFailure(stop.error());
    yield done;
  }

  /** Work done alone at the engine, outside a run. Rejects with a KernelFailure. */
  private async alone<T>(signal: AbortSignal, work: (running: Running) => Promise<T>): Promise<T> {
    const stop = new Stop({ signal });
    try {
      const { running, leave } = await this.enter(stop);
      return await work(running).finally(leave);
    } catch (error) {
      throw new KernelFailure(this.explain(error, stop));
    } finally {
      stop.close();
    }
  }

  /** One turn at the engine, which is halted when the turn is stopped. */
  private async enter(stop: Stop): Promise<{ running: Running; leave: () => void }> {
    const next = await this.turns.enter(stop);
    try {
      const running = await untilStopped(this.host.running(), stop);
      this.host.tell('running');
      const forget = stop.onStop(() => void running.engine.halt());
      const leave = () => {
        forget();
        this.host.tell('idle');
        next();
      };
      return { running, leave };
    } catch (error) {
      next();
      throw error;
    }
  }

  /** What went wrong, as a value; an engine that cannot be trusted any more is replaced. */
  private explain(error: unknown, stop: Stop): KernelError {
    const told = stop.reason ? stop.error() : toldBy(error);
    if (told.code === 'lost' || told.code === 'memory') void this.host.end('DuckDB is started again.');
    return told;
  }
}

function toldBy(error: unknown): KernelError {
  if (error instanceof KernelFailure) return error.error;
  return toKernelError(error instanceof Error ? error.message : String(error), nowhere);
}

import { RecordBatchReader } from 'apache-arrow';
import { KernelFailure } from '#kernels/failure.ts';
import type { Code, Inputs, Kernel, KernelError, KernelEvent, Relation, RunOptions } from '#kernels/kernel.ts';
import { Stop } from '#kernels/stop.ts';
import { compile, readsOf, type CompiledCell } from './compile.ts';
import { toKernelError } from './error.ts';
import { Inbox } from './inbox.ts';
import type { CellMessage, WorkerMessage } from './message.ts';
import { ownFiles, Sandbox, type SandboxFiles } from './sandbox.ts';

/*
 * The kernel of TypeScript cells: compiled here, run in a sandbox that can reach nothing (SECURITY 4). Each run has a fresh
 * worker and so a fresh global scope; the sandbox keeps tables by hash, so an unchanged input is sent once. Stop ends the
 * worker at once. What comes back is checked and is only ever text and Arrow.
 */

export interface TypeScriptKernel extends Kernel {
  readonly engine: 'typescript';
  /** Opens the sandbox now, to have it warm. */
  start(): Promise<void>;
}

/** Makes the kernel; the sandbox is opened at the first run. */
export function createTypeScriptKernel(files: SandboxFiles = ownFiles): TypeScriptKernel {
  return new SandboxKernel(files);
}

class SandboxKernel implements TypeScriptKernel {
  readonly engine = 'typescript';
  private readonly files: SandboxFiles;
  private current: Promise<Sandbox> | null = null;

  constructor(files: SandboxFiles) {
    this.files = files;
  }

  async start(): Promise<void> {
    await this.sandbox();
  }

  reads(source: string): Promise<string[]> {
    return Promise.resolve(readsOf(source));
  }

  async *run(code: Code, inputs: Inputs, options: RunOptions): AsyncGenerator<KernelEvent> {
    const stop = new Stop(options);
    try {
      if (stop.reason) throw new KernelFailure(stop.error());
      const compiled = compile(code.source);
      if (!compiled.ok) throw new KernelFailure(compiled.error);
      yield* this.answer(compiled, code, inputs, options, stop);
    } catch (error) {
      yield { type: 'failed', error: stop.reason ? stop.error() : toldBy(error) };
    } finally {
      stop.close();
    }
  }

  async close(): Promise<void> {
    const sandbox = await this.current?.catch(() => null);
    this.current = null;
    sandbox?.close();
  }

  private async *answer(
    compiled: CompiledCell,
    code: Code,
    inputs: Inputs,
    options: RunOptions,
    stop: Stop,
  ): AsyncGenerator<KernelEvent> {
    const sandbox = await this.sandbox();
    const relations = await give(sandbox, compiled.reads, inputs.relations, stop.signal);
    if (stop.reason) throw new KernelFailure(stop.error());
    const asOf = new Date().toISOString();
    const began = performance.now();
    const inbox = new Inbox();
    const { run, port } = sandbox.start(cellOf(compiled, code, inputs, options), relations, () => inbox.lose(died));
    inbox.listen(port);
    try {
      let rows = 0;
      for await (const message of inbox.read(stop)) {
        if (message.type === 'failed') throw new KernelFailure(toKernelError(message, code.source));
        const took = performance.now() - began;
        if (message.type === 'done') return yield { type: 'done', rows, complete: message.complete, asOf, took };
        for (const event of eventsOf(message)) {
          if (event.type === 'batch') rows += event.batch.numRows;
          yield event;
        }
      }
    } finally {
      port.close();
      sandbox.end(run, stop.reason !== null);
    }
  }

  private async sandbox(): Promise<Sandbox> {
    const current = await this.current?.catch(() => null);
    if (current?.isOpen) return current;
    this.current = Sandbox.open(this.files);
    return this.current;
  }
}

const died: KernelError = {
  code: 'memory',
  message: 'The sandbox of this cell died, most likely because it ran out of memory.',
  hint: 'Read fewer rows or columns, or aggregate them in SQL first, and run the cell again.',
};

function cellOf(compiled: CompiledCell, code: Code, inputs: Inputs, { limit = -1 }: RunOptions): CellMessage {
  const read = Object.entries(inputs.parameters).filter(([name]) => compiled.reads.includes(name));
  return { name: code.name, body: compiled.body, parameters: Object.fromEntries(read), limit };
}

/** Sends the tables the cell reads and the sandbox does not hold. */
async function give(sandbox: Sandbox, reads: string[], relations: Record<string, Relation>, signal: AbortSignal) {
  const given = Object.entries(relations).filter(([name]) => reads.includes(name));
  const using = new Set(given.map(([, { hash }]) => hash));
  for (const [name, relation] of given) {
    if (relation.kind !== 'arrow') throw new Error(`${name} is not in the browser.`);
    if (!sandbox.holds(relation.hash)) sandbox.hold(relation.hash, await relation.ipc(signal), using);
  }
  return given.map(([name, { hash, complete }]) => ({ name, hash, complete }));
}

function* eventsOf(message: Exclude<WorkerMessage, { type: 'done' | 'failed' }>): Generator<KernelEvent> {
  if (message.type !== 'table') return yield message as KernelEvent;
  const reader = RecordBatchReader.from(message.ipc).open();
  yield { type: 'schema', schema: reader.schema };
  for (const batch of reader) if (batch.numRows > 0) yield { type: 'batch', batch };
}

function toldBy(error: unknown): KernelError {
  if (error instanceof KernelFailure) return error.error;
  return {
    code: 'lost',
    message: 'The sandbox of TypeScript cells failed.',
    hint: 'Run the cell again; if it happens again, reload the page.',
    detail: error instanceof Error ? error.message : String(error),
  };
}

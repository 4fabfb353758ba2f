import { tableFromIPC, type Table } from 'apache-arrow';
import type { Code, Inputs, Kernel, KernelEvent, RunOptions } from '#kernels/kernel.ts';
import type { BrowserEngine } from '#lib/client/notebook/kernels.ts';
import type { LocalFile } from '#lib/client/notebook/store.ts';
import { compile } from '#lib/sql/compile.ts';
import { openDuckDB } from './duckdb.ts';

/** A kernel of a few lines around the page's own DuckDB, for tests of what is built upon kernels. */
export interface SmallEngine extends BrowserEngine {
  /** The names of cells that ran, in order. */
  readonly ran: string[];
  /** Cells of these names wait until told. */
  readonly gates: Map<string, Promise<void>>;
  readonly loads: string[];
  /** As if it had just started. */
  reset(): void;
}

export async function smallEngine(): Promise<SmallEngine> {
  const duckdb = await openDuckDB();
  const files: LocalFile[] = [];
  const held = new Map<string, string>();
  const engine: SmallEngine = {
    engine: 'browser',
    ran: [],
    gates: new Map(),
    loads: [],
    reset: () => {
      for (const name of [...held.keys(), ...files.map((file) => file.name)])
        duckdb.query(`DROP TABLE IF EXISTS "${name}"`);
      held.clear();
      files.length = engine.ran.length = engine.loads.length = 0;
      engine.gates.clear();
    },
    start: () => Promise.resolve(),
    close: () => Promise.resolve(),
    retain: () => Promise.resolve(),
    memory: () => Promise.resolve(1024),
    onState: () => () => undefined,
    tables: () => files,
    reads: async (source) => duckdb.reads(source),
    removeFile: async (name) => void files.splice(0, files.length, ...files.filter((file) => file.name !== name)),
    addFile: async (name, file) => {
      duckdb.query(`CREATE OR REPLACE TABLE "${name}" AS SELECT * FROM (VALUES (1), (2)) t(v)`);
      const added = { name, fileName: file.name, bytes: file.size, rows: 2, columns: [{ name: 'v', type: 'INTEGER' }] };
      files.push(added);
      return added;
    },
    run: (code, inputs, options) => run(code, inputs, options),
  };

  async function* run(
    code: Code,
    inputs: Inputs,
    { signal, limit = Infinity }: RunOptions,
  ): AsyncGenerator<KernelEvent> {
    engine.ran.push(code.name);
    await Promise.race([engine.gates.get(code.name), aborted(signal, engine.gates.has(code.name))]);
    if (signal.aborted) return yield { type: 'failed', error: { code: 'cancelled', message: 'Stopped.' } };
    try {
      for (const [name, relation] of Object.entries(inputs.relations)) {
        if (relation.kind !== 'arrow' || held.get(name) === relation.hash) continue;
        duckdb.query(`DROP TABLE IF EXISTS "${name}"`);
        duckdb.insert(name, await relation.ipc(signal));
        held.set(name, relation.hash);
        engine.loads.push(name);
      }
      yield* answer(ask(code.source, inputs), limit);
    } catch (error) {
      yield {
        type: 'failed',
        error: { code: 'runtime', message: error instanceof Error ? error.message : String(error) },
      };
    }
  }

  function ask(source: string, { parameters }: Inputs): Table {
    const compiled = compile(source, parameters);
    if (!compiled.ok) throw new Error(`no value for ${compiled.error.name}`);
    const values = compiled.values.map((value) =>
      value === null ? 'NULL' : `'${String(value).replaceAll("'", "''")}'`,
    );
    if (values.length === 0) return duckdb.query(compiled.sql);
    duckdb.query(`PREPARE p AS ${compiled.sql}`);
    return duckdb.query(`EXECUTE p(${values.join(', ')})`);
  }
  return engine;
}

function* answer(table: Table, limit: number): Generator<KernelEvent> {
  yield { type: 'schema', schema: table.schema };
  let rows = 0;
  for (const batch of table.batches) {
    const part = batch.slice(0, Math.max(0, limit - rows));
    rows += part.numRows;
    if (part.numRows > 0) yield { type: 'batch', batch: part };
  }
  yield { type: 'done', rows, complete: table.numRows <= limit, asOf: '2026-01-01T00:00:00.000Z', took: 1 };
}

/** A TypeScript kernel that knows one sentence, `rows of NAME`, and gives the rows of that relation back. */
export function echoKernel(): Kernel & { seen: Inputs[] } {
  const seen: Inputs[] = [];
  return {
    engine: 'typescript',
    seen,
    close: () => Promise.resolve(),
    reads: (source) => Promise.resolve(source.match(/\b[a-z_]\w*\b/g) ?? []),
    async *run({ source }, inputs) {
      seen.push(inputs);
      yield { type: 'log', level: 'log', text: source };
      const relation = inputs.relations[/rows of (\w+)/.exec(source)?.[1] ?? ''];
      if (relation?.kind !== 'arrow') {
        return yield { type: 'failed', error: { code: 'unknown-name', message: `nothing to read in: ${source}` } };
      }
      yield* answer(tableFromIPC(await relation.ipc()), Infinity);
    },
  };
}

function aborted(signal: AbortSignal, waits: boolean): Promise<void> {
  if (!waits || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

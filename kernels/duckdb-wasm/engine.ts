import { tableFromIPC } from 'apache-arrow';
import { AsyncDuckDB, PACKAGE_VERSION, VoidLogger } from '@duckdb/duckdb-wasm';

/*
 * One DuckDB in one worker, from its start to its end: locked before any SQL of people runs, asked over two connections
 * (one runs, one only names tables, so that asking never waits for a transaction), ended for good by `end`. It knows
 * nothing of cells and relations. Every promise it gave is rejected when the worker dies.
 */

export interface Assets {
  worker: string;
  wasm: string;
}

/** Where assets.mjs puts them. */
export function ownAssets(origin = location.origin): Assets {
  const folder = `${origin}/duckdb/${PACKAGE_VERSION}`;
  return { worker: `${folder}/duckdb-browser-eh.worker.js`, wasm: `${folder}/duckdb-eh.wasm` };
}

/** The only folder SQL may read; local files are registered in it. */
export const filesFolder = 'local/';

/** Extensions would be fetched from a foreign host; what is not `local/` is not ours to read. */
const lock = [
  `SET allowed_directories = ['${filesFolder}']`,
  'SET autoload_known_extensions = false',
  'SET autoinstall_known_extensions = false',
  'SET allow_community_extensions = false',
  'SET enable_external_access = false',
  'SET lock_configuration = true',
];

const open = {
  // A query is asked again this often (ms) while it runs; a cancel is heard in between.
  query: { queryPollingInterval: 50, castBigIntToDouble: false, castDecimalToDouble: false },
};

const startLimit = 60_000;

export class EngineDied extends Error {}

/** The engine ended, or the text never came so far as to begin a transaction. */
function isOver(error: unknown): void {
  if (error instanceof Error && error.message.includes('no transaction is active')) return;
  isDeath(error);
}

function isDeath(error: unknown): void {
  if (!(error instanceof EngineDied)) throw error;
}

export class Engine {
  readonly database: AsyncDuckDB;
  private readonly died: Promise<never>;
  private die!: (reason: EngineDied) => void;
  private running = 0;
  private naming = 0;

  private readonly grace: number;

  private constructor(worker: Worker, grace: number) {
    this.grace = grace;
    this.database = new AsyncDuckDB(new VoidLogger(), worker);
    this.died = new Promise<never>((_, reject) => (this.die = reject));
    this.died.catch(() => undefined);
    worker.addEventListener('error', (event) => this.end(event.message || 'The worker of DuckDB failed.'));
  }

  /** Starts a worker and locks its DuckDB. Rejects with EngineDied when that fails or takes a minute. */
  static async start(assets: Assets, grace: number): Promise<Engine> {
    const engine = new Engine(new Worker(assets.worker), grace);
    const late = setTimeout(() => engine.end('DuckDB did not start within a minute.'), startLimit);
    try {
      await engine.ask(engine.database.instantiate(assets.wasm, null));
      await engine.ask(engine.database.open(open));
      engine.running = await engine.ask(engine.database.connectInternal());
      engine.naming = await engine.ask(engine.database.connectInternal());
      for (const connection of [engine.running, engine.naming])
        await engine.ask(engine.database.runQuery(connection, 'SET errors_as_json = true'));
      for (const statement of lock) await engine.execute(statement);
      return engine;
    } catch (error) {
      engine.end(String(error));
      throw error;
    } finally {
      clearTimeout(late);
    }
  }

  /** The id of the connection that runs; for the calls of `database` that want one. */
  get connection(): number {
    return this.running;
  }

  /** The same promise, rejected with EngineDied when the worker dies first. */
  ask<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.died]);
  }

  /** Runs a statement of ours whose answer is small or not wanted. It cannot be cancelled. */
  execute(sql: string): Promise<Uint8Array> {
    return this.ask(this.database.runQuery(this.running, sql));
  }

  /**
   * Starts a statement that can be cancelled; resolves with the schema as IPC bytes once there are rows to fetch. As a
   * stream its rows are made while they are fetched, in pieces as small as the plan gives them; else all are made first,
   * which is quicker.
   */
  async send(sql: string, asStream: boolean): Promise<Uint8Array> {
    let header = await this.ask(this.database.startPendingQuery(this.running, sql, asStream));
    while (header === null) header = await this.ask(this.database.pollPendingQuery(this.running));
    return header;
  }

  /** Runs a statement of ours to its end, in steps, so that it can be halted. */
  async perform(sql: string): Promise<void> {
    await this.send(sql, false);
    for (;;) if ((await this.fetch())?.length === 0) return;
  }

  /** Rows of a small answer. */
  async rows(sql: string): Promise<Record<string, unknown>[]> {
    return tableFromIPC(await this.execute(sql))
      .toArray()
      .map((row) => row.toJSON());
  }

  /** The next rows as IPC bytes; empty at the end, null when they are not ready yet. */
  fetch(): Promise<Uint8Array | null> {
    return this.ask(this.database.fetchQueryResults(this.running));
  }

  /** Stops what runs: asks first, and ends the engine when it has not heard within the grace. */
  async halt(): Promise<void> {
    const late = setTimeout(() => this.end('DuckDB did not stop when asked.'), this.grace);
    await this.ask(this.database.cancelPendingQuery(this.running)).catch(isDeath);
    clearTimeout(late);
  }

  /** Undoes the transaction, if one began, before anything that is asked later; nobody needs to wait for it. */
  rollback(): void {
    this.execute('ROLLBACK').catch(isOver);
  }

  /** Bytes the engine holds. */
  async memory(): Promise<number> {
    const sql = 'SELECT sum(memory_usage_bytes)::DOUBLE AS bytes FROM duckdb_memory()';
    const table = tableFromIPC(await this.ask(this.database.runQuery(this.naming, sql)));
    return Number(table.getChildAt(0)?.get(0) ?? 0);
  }

  /** The type names of a statement's columns. */
  async describe(sql: string): Promise<string[]> {
    const table = tableFromIPC(await this.ask(this.database.runQuery(this.naming, `DESCRIBE ${sql}`)));
    return Array.from(table.getChild('column_type') ?? [], String);
  }

  /** The tables a statement reads, in no order. Rejects when it cannot be bound. */
  tableNames(sql: string): Promise<string[]> {
    return this.ask(this.database.getTableNames(this.naming, sql));
  }

  whenEnded(listener: () => void): void {
    this.died.catch(listener);
  }

  /** For good; every promise it gave rejects. */
  end(reason: string): void {
    this.die(new EngineDied(reason));
    void this.database.terminate().catch(() => undefined);
  }
}

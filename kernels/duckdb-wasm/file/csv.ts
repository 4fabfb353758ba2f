import { DuckDBDataProtocol } from '@duckdb/duckdb-wasm';
import { KernelFailure } from '#kernels/failure.ts';
import { filesFolder, type Engine } from '#kernels/duckdb-wasm/engine.ts';
import { nowhere, parseEngineError, toKernelError } from '#kernels/duckdb-wasm/error.ts';
import { quote } from '#kernels/duckdb-wasm/statement.ts';

/** DuckDB reads the file piece by piece itself: it never lies in memory as a whole. Types are guessed from its start. */
export async function loadCsv(
  engine: Engine,
  name: string,
  file: Blob & { name?: string },
  progress: (fraction: number) => void,
): Promise<void> {
  progress(0);
  await withFile(engine, file, async (path) => {
    try {
      await makeTable(engine, name, `read_csv('${path}')`);
    } catch (error) {
      if (!isGuess(error)) throw explained(error, file.name ?? 'The file');
      // A later row did not fit the guess: look at all of them.
      await makeTable(engine, name, `read_csv('${path}', sample_size = -1)`).catch((again: unknown) => {
        throw explained(again, file.name ?? 'The file');
      });
    }
  });
  progress(1);
}

export async function makeTable(engine: Engine, name: string, source: string): Promise<void> {
  await engine.perform(`CREATE TABLE ${quote(name)} AS SELECT * FROM ${source}`);
}

/** Gives the file to the engine under a path of its own while `work` runs. */
export async function withFile(engine: Engine, file: Blob, work: (path: string) => Promise<void>): Promise<void> {
  const path = `${filesFolder}${crypto.randomUUID()}.csv`;
  const { database } = engine;
  await engine.ask(database.registerFileHandle(path, file, DuckDBDataProtocol.BROWSER_FILEREADER, true));
  try {
    await work(path);
  } finally {
    await engine.ask(database.dropFile(path)).catch(() => null);
  }
}

function isGuess(error: unknown): boolean {
  const type = parseEngineError(messageOf(error))?.exception_type;
  return type === 'Conversion' || type === 'Invalid Input';
}

/** The reader's own words say which line is wrong; the engine's troubles pass as they are. */
function explained(error: unknown, fileName: string): unknown {
  const told = parseEngineError(messageOf(error));
  if (!told) return error;
  const { code, message, detail } = toKernelError(messageOf(error), nowhere);
  if (code === 'memory' || code === 'lost' || code === 'cancelled') return error;
  return new KernelFailure({
    code: 'runtime',
    message: `${fileName} cannot be read as CSV: ${message}`,
    hint: 'Check the line it names: quotes, separators and the number of columns.',
    ...(detail && { detail }),
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

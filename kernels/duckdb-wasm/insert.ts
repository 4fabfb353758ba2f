import type { Engine } from './engine.ts';
import { quote } from './statement.ts';

const end = Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 0);

/** Makes a table from one Arrow IPC stream. The bytes stay the caller's: DuckDB's client would take the buffer away. */
export async function insertArrow(engine: Engine, name: string, ipc: Uint8Array): Promise<void> {
  await insertArrowPart(engine, name, ipc, true);
}

/** Appends to the table unless `create`. A table half made is dropped again. */
export async function insertArrowPart(engine: Engine, name: string, ipc: Uint8Array, create: boolean): Promise<void> {
  try {
    const { database, connection } = engine;
    await engine.ask(database.insertArrowFromIPCStream(connection, closed(ipc), { name, create }));
  } catch (error) {
    await engine.execute(`DROP TABLE IF EXISTS ${quote(name)}`);
    throw error;
  }
}

/** A copy that ends with Arrow's end-of-stream mark: without it DuckDB waits for more and makes no table. */
function closed(ipc: Uint8Array): Uint8Array {
  const isClosed = end.every((byte, index) => ipc.at(index - end.length) === byte);
  const whole = new Uint8Array(ipc.length + (isClosed ? 0 : end.length));
  whole.set(ipc);
  if (!isClosed) whole.set(end, ipc.length);
  return whole;
}

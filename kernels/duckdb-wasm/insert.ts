import { RecordBatchReader, type Field } from 'apache-arrow';
import { castOf } from '#lib/table/cast.ts';
import type { Engine } from './engine.ts';
import { quote } from './statement.ts';

/*
 * Arrow IPC into DuckDB. Columns that travel as text because Arrow cannot hold them (exact.ts, and the warehouse) become
 * themselves again in a view over the rows.
 */

/** Makes `name` readable from one Arrow IPC stream. The bytes stay the caller's. Rejects leaving nothing behind. */
export async function insertArrow(engine: Engine, name: string, ipc: Uint8Array): Promise<void> {
  const { fields } = RecordBatchReader.from(ipc).open().schema;
  if (!fields.some((field) => castOf(field, fromText))) return insertRows(engine, name, ipc, true);
  const rows = rowsName(name);
  await insertRows(engine, rows, ipc, true);
  const columns = fields.map(selected).join(', ');
  await engine.execute(`CREATE VIEW ${quote(name)} AS SELECT ${columns} FROM ${quote(rows)}`);
}

/** Appends rows to a table, which `create` makes first. */
export async function insertRows(engine: Engine, name: string, ipc: Uint8Array, create: boolean): Promise<void> {
  const { database, connection } = engine;
  try {
    await engine.ask(database.insertArrowFromIPCStream(connection, closed(ipc), { name, create }));
  } catch (error) {
    await dropTable(engine, name);
    throw error;
  }
}

/** Whatever stands under the name, and the rows behind it. The name says which it is; DuckDB wants the right word. */
export async function dropTable(engine: Engine, name: string): Promise<void> {
  await engine.execute(`DROP VIEW IF EXISTS ${quote(name)}`).catch(() => engine.execute(`DROP TABLE ${quote(name)}`));
  await engine.execute(`DROP TABLE IF EXISTS ${quote(rowsName(name))}`);
}

/** Not TIME WITH TIME ZONE: DuckDB-WASM gives it back without its offset, so it stays the text that has it. */
const fromText = new Set(['UUID', 'INTERVAL', 'BIT', 'UHUGEINT', 'BIGNUM']);

function selected(field: Field): string {
  const name = quote(field.name);
  const type = castOf(field, fromText);
  return type ? `CAST(${name} AS ${type}) AS ${name}` : name;
}

function rowsName(name: string): string {
  return `${name} (rows)`;
}

const end = Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 0);

/**
 * A copy, because DuckDB's client takes the buffer away, that ends with Arrow's end-of-stream mark, because without it
 * DuckDB waits for more and makes no table.
 */
function closed(ipc: Uint8Array): Uint8Array {
  const isClosed = end.every((byte, index) => ipc.at(index - end.length) === byte);
  const whole = new Uint8Array(ipc.length + (isClosed ? 0 : end.length));
  whole.set(ipc);
  if (!isClosed) whole.set(end, ipc.length);
  return whole;
}

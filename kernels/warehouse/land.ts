import type { DuckDBConnection } from '@duckdb/node-api';
import type { Schema } from 'apache-arrow';
import type { KernelEvent } from '#kernels/kernel.ts';
import { openRows } from './arrow/append.ts';
import type { Rows } from './arrow/append.ts';
import type { LandRequest, Landed, Reply } from './protocol.ts';
import { columnsOf, writeParquet } from './write.ts';

/*
 * Rows of another engine become Parquet files while they come, in the child: so many rows are held, written as a file and
 * let go. However many rows there are, neither this process nor the one that passes them on holds more than one file's.
 */

const table = 'landed';
/** Wide rows fill a file before there are many. */
const partBytes = 256 << 20;

export async function land(
  connection: DuckDBConnection,
  events: AsyncIterable<KernelEvent>,
  request: LandRequest,
): Promise<Reply<Landed>> {
  const landing = new Landing(connection, request);
  for await (const event of events) {
    if (event.type === 'failed') return { ok: false, error: event.error };
    if (event.type === 'schema') await landing.open(event.schema);
    if (event.type === 'batch') await landing.take(event.batch);
    if (event.type === 'done') break;
  }
  return { ok: true, value: await landing.end() };
}

type Batch = Extract<KernelEvent, { type: 'batch' }>['batch'];

class Landing {
  private connection: DuckDBConnection;
  private request: LandRequest;
  private schema: Schema | null = null;
  private rows: Rows | null = null;
  private held = { rows: 0, bytes: 0 };
  private landed: Landed = { files: [], rows: 0, columns: [] };

  constructor(connection: DuckDBConnection, request: LandRequest) {
    this.connection = connection;
    this.request = request;
  }

  async open(schema: Schema): Promise<void> {
    this.schema = schema;
    this.rows = await openRows(this.connection, table, schema);
    this.landed.columns = await columnsOf(this.connection, table);
  }

  async take(batch: Batch): Promise<void> {
    this.rows!.append(batch);
    this.held.rows += batch.numRows;
    this.held.bytes += batch.data.byteLength;
    if (this.held.rows < this.request.partRows && this.held.bytes < partBytes) return;
    await this.write();
    this.rows = await openRows(this.connection, table, this.schema!);
  }

  async end(): Promise<Landed> {
    if (this.held.rows > 0) await this.write();
    return this.landed;
  }

  private async write(): Promise<void> {
    this.rows!.close();
    const path = this.request.outputs[this.landed.files.length];
    if (!path) throw new Error(`There are more than ${this.landed.rows} rows, which is as many as can be brought.`);
    const { rows, columns } = await writeParquet(this.connection, table, path);
    this.landed = { files: [...this.landed.files, path], rows: this.landed.rows + rows, columns };
    this.held = { rows: 0, bytes: 0 };
  }
}

import type { RecordBatch, Schema } from 'apache-arrow';
import { Schema as ArrowSchema } from 'apache-arrow';
import type { ClusterState, Done, KernelEvent } from '#kernels/kernel.ts';
import { columnsOf, type Column } from '#lib/table/column.ts';
import { hashTable } from '#lib/table/hash.ts';
import type { Result } from './store.ts';
import type { StreamSpan } from './stream-window.ts';

type Log = Extract<KernelEvent, { type: 'log' }>;
type Value = Extract<KernelEvent, { type: 'value' }>;

/** A result while it comes in, and afterwards. Its content hash is worked out when someone asks: it costs a pass over all rows. */
export class LiveResult implements Result {
  schema: Schema = new ArrowSchema([]);
  batches: RecordBatch[] = [];
  rows = 0;
  columns: Column[] = [];
  complete = true;
  isOfPart = false;
  asOf = '';
  logs: Log[] = [];
  values: Value[] = [];
  cluster: ClusterState | null = null;
  cachedAt: string | null = null;
  took: number | null = null;
  spans: StreamSpan[] = [];
  warnings: string[] = [];
  private hashed: { rows: number; hash: string } | null = null;

  get hash(): string {
    if (this.hashed?.rows !== this.rows) this.hashed = { rows: this.rows, hash: hashTable(this.schema, this.batches) };
    return this.hashed.hash;
  }

  /** Takes an event in; returns whether there is something new to show. */
  take(event: KernelEvent): boolean {
    switch (event.type) {
      case 'schema':
        this.schema = event.schema;
        this.columns = columnsOf(event.schema);
        return true;
      case 'batch':
        this.batches.push(event.batch);
        this.rows += event.batch.numRows;
        return true;
      case 'log':
        this.logs.push(event);
        return true;
      case 'value':
        this.values.push(event);
        return true;
      default:
        return false;
    }
  }

  /** `isWhole`: whether everything it was made from is complete. */
  finish(done: Done, isWhole: boolean, spans: StreamSpan[] = []): void {
    this.spans = spans;
    this.complete = done.complete && isWhole;
    this.isOfPart = done.complete && !isWhole;
    this.asOf = done.asOf;
    this.took = done.took;
    this.cluster = done.cluster ?? null;
    this.cachedAt = done.cachedAt ?? null;
    this.warnings.push(...(done.warnings ?? []));
  }

  /** What people must know of these rows. */
  warn(text: string): void {
    this.logs.push({ type: 'log', level: 'warn', text });
    this.warnings.push(text);
  }
}

import { Table, tableFromIPC, tableToIPC } from 'apache-arrow';
import type { KernelError, Relation } from '#kernels/kernel.ts';
import { KernelFailure } from '#kernels/failure.ts';
import type { Answer, Refusal } from '#lib/client/call.ts';
import type { LastRows } from '#lib/client/api/streams.ts';
import { offsetColumn, receivedColumn } from '#lib/stream/spec.ts';
import type { Column } from '#lib/table/column.ts';
import { columnsOf } from '#lib/table/column.ts';

/** More events than a tab takes in by itself; the newest are kept. */
export const mostEvents = 500_000;

/** What a result was made from, where that is the last minutes of a stream. */
export interface StreamSpan {
  name: string;
  minutes: number;
  /** ms */
  at: number;
}

export interface Last {
  minutes: number;
  from: number;
  limit: number;
}

export type FetchLast = (id: string, last: Last, signal?: AbortSignal) => Promise<Answer<LastRows>>;

type Arrow = Extract<Relation, { kind: 'arrow' }>;

/** Of all windows of this tab, so that no two have rows under one name. */
let versions = 0;

/**
 * The last minutes of a stream in this tab, by when events came, the newest first. A refresh fetches only what came since, and
 * lets go of what is older than the minutes.
 */
export class StreamWindow {
  readonly minutes: number;
  /** When the rows were fetched, ms; 0 before. */
  at = 0;
  /** False where there were more events than are kept here. */
  complete = true;
  private table: Table | null = null;
  private version = 0;
  private problem: Refusal | null = null;
  private busy: Promise<boolean> | null = null;
  private readonly id: string;
  private readonly fetchLast: FetchLast;
  private readonly most: number;

  constructor(id: string, minutes: number, fetchLast: FetchLast, most = mostEvents) {
    this.id = id;
    this.minutes = minutes;
    this.fetchLast = fetchLast;
    this.most = most;
  }

  get rows(): number {
    return this.table?.numRows ?? 0;
  }

  columns(): Column[] {
    return this.table ? columnsOf(this.table.schema) : [];
  }

  /** Whether there are other rows now. What cannot be fetched leaves the rows as they are. */
  refresh(): Promise<boolean> {
    this.busy ??= this.fetch().finally(() => (this.busy = null));
    return this.busy;
  }

  /** Throws, when an engine asks for its rows, what kept them from coming. */
  relation(): Arrow {
    return {
      kind: 'arrow',
      hash: `${this.id}/${this.version}`,
      complete: this.complete,
      ipc: async () => {
        if (!this.table) await this.refresh();
        if (!this.table) throw new KernelFailure(failureOf(this.problem));
        return tableToIPC(this.table, 'stream');
      },
    };
  }

  private async fetch(): Promise<boolean> {
    const { id, minutes, most, table } = this;
    const from = table && table.numRows > 0 ? offsetAt(table, 0) + 1 : 0;
    const answer = await this.fetchLast(id, { minutes, from, limit: most + 1 });
    this.problem = answer.ok ? null : answer.problem;
    if (!answer.ok) return false;
    const { bytes, at } = answer.value;
    const came = tableFromIPC(bytes);
    if (table && came.numRows > 0 && !isSameForm(table, came)) return this.startAnew();
    return this.take(came, at);
  }

  /** Columns were added: the rows in hand do not have them. */
  private startAnew(): Promise<boolean> {
    this.table = null;
    this.complete = true;
    return this.fetch();
  }

  private take(came: Table, at: number): boolean {
    const { table: before, most } = this;
    const isCut = came.numRows > most;
    const all = before && !isCut ? joined(came, before) : came;
    const since = within(all, at - this.minutes * 60_000);
    const kept = Math.min(since, most);
    const isOther = !before || came.numRows > 0 || kept !== before.numRows;
    // What is older than the minutes was in hand: so all of the minutes is.
    this.complete = since <= most && !isCut && (this.complete || since < all.numRows);
    this.table = kept === all.numRows ? all : all.slice(0, kept);
    this.at = at;
    if (isOther) this.version = ++versions;
    return isOther;
  }
}

function joined(newer: Table, older: Table): Table {
  if (newer.numRows === 0) return older;
  return new Table(older.schema, [...newer.batches, ...older.batches]);
}

function isSameForm(one: Table, other: Table): boolean {
  const fields = (table: Table) => table.schema.fields.map((field) => `${field.name}:${field.type}`).join('\n');
  return fields(one) === fields(other);
}

function offsetAt(table: Table, row: number): number {
  return Number(table.getChild(offsetColumn)!.get(row));
}

/** How many of the rows, the newest first, came at `since`, ms, or later. */
function within(table: Table, since: number): number {
  const received = table.getChild(receivedColumn)!;
  let [low, high] = [0, table.numRows];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (Number(received.get(middle)) >= since) low = middle + 1;
    else high = middle;
  }
  return low;
}

function failureOf(problem: Refusal | null): KernelError {
  const { status = 0, code = 'offline', detail = 'The events could not be read.' } = problem ?? {};
  return { code: status === 403 || status === 404 ? 'refused' : 'lost', message: detail, detail: code };
}

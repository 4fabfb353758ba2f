import { KernelFailure } from '#kernels/failure.ts';
import { literal, qualified, quoted } from '#lib/connection/name.ts';
import { searchTables } from '#lib/connection/search.ts';
import type { CatalogueTable, Found, NameList, TableDetail, TableList } from '#lib/connection/view.ts';
import type { Catalogue, Reading } from './connections.ts';
import { readDetail } from './detail.ts';
import type { Shelf, Shelved } from './shelf.ts';

/*
 * What a cluster holds, as it shows it to one Trino user: asked a part at a time, when somebody opens it, and kept for a while.
 * A catalog that does not answer is missing from a search, and spoils nothing else.
 */

/** Rows of a statement's answer, as text. Rejects with KernelFailure. */
export type Query = (sql: string, options?: { timeout?: number; limit?: number }) => Promise<(string | null)[][]>;

export interface Shown {
  query: Query;
  shelf: Shelf;
  /** Whose: begins every key. */
  prefix: string;
}

/** ms for one catalog's list of all tables, tables of it that are looked through, and tables that are told. */
const patience = 10_000;
const mostListed = 20_000;
const mostFound = 200;
/** It describes the cluster itself; nobody looks for it. */
const hidden = 'system';

export class ShownCatalogue implements Catalogue {
  private shown: Shown;

  constructor(shown: Shown) {
    this.shown = shown;
  }

  async catalogs(reading: Reading): Promise<NameList> {
    return toList(await this.names(['catalogs'], 'SHOW CATALOGS', reading));
  }

  async schemas(catalog: string, reading: Reading): Promise<NameList> {
    return toList(await this.names(['schemas', catalog], `SHOW SCHEMAS FROM ${quoted(catalog)}`, reading));
  }

  async tables(catalog: string, schema: string, reading: Reading): Promise<TableList> {
    const sql = `SHOW TABLES FROM ${qualified(catalog, schema)}`;
    const { value, readAt } = await this.names(['tables', catalog, schema], sql, reading);
    return { items: value.map((name) => ({ catalog, schema, name })), readAt: readAt.toISOString() };
  }

  async table(catalog: string, schema: string, name: string, reading: Reading): Promise<TableDetail> {
    const place = { catalog, schema, name };
    const { value, readAt } = await this.keep(['table', catalog, schema, name], reading, () =>
      readDetail(this.shown.query, place),
    );
    return { ...value, readAt: readAt.toISOString() };
  }

  async search(text: string, reading: Reading): Promise<Found> {
    const names = await this.names(['catalogs'], 'SHOW CATALOGS', reading);
    const catalogs = names.value.filter((name) => name !== hidden);
    const lists = await Promise.all(catalogs.map((catalog) => this.allOf(catalog, reading)));
    const listed = lists.filter((list): list is Listed => 'tables' in list);
    const tables = listed.flatMap((list) => list.tables);
    const found = searchTables(tables, text);
    const oldest = Math.min(names.readAt.getTime(), ...listed.map((list) => list.readAt.getTime()));
    return {
      items: found.slice(0, mostFound),
      matches: found.length,
      total: tables.length,
      missing: lists.filter((list): list is Missing => 'why' in list),
      cut: listed.filter(({ isCut }) => isCut).map(({ catalog }) => catalog),
      readAt: new Date(oldest).toISOString(),
    };
  }

  /** Every table of a catalog, or why there is no list of it. */
  private async allOf(catalog: string, reading: Reading): Promise<Listed | Missing> {
    const sql = `SELECT table_schema, table_name FROM ${qualified(catalog, 'information_schema', 'tables')} WHERE table_schema <> ${literal('information_schema')}`;
    try {
      const { value, readAt } = await this.keep(['all', catalog], reading, () =>
        this.shown.query(sql, { timeout: patience, limit: mostListed + 1 }),
      );
      const tables = value
        .slice(0, mostListed)
        .map(([schema, name]) => ({ catalog, schema: schema ?? '', name: name ?? '' }));
      return { catalog, tables, isCut: value.length > mostListed, readAt };
    } catch (error) {
      if (error instanceof KernelFailure && !reading.signal.aborted) return { catalog, why: error.error.message };
      throw error;
    }
  }

  private names(key: string[], sql: string, reading: Reading): Promise<Shelved<string[]>> {
    return this.keep(key, reading, async () => {
      const rows = await this.shown.query(sql, { timeout: patience });
      return rows.map(([name]) => name ?? '');
    });
  }

  /** Others may wait for the same, so the reading goes on when one leaves; it has a clock of its own. */
  private keep<T>(key: string[], { fresh, signal }: Reading, read: () => Promise<T>): Promise<Shelved<T>> {
    const { shelf, prefix } = this.shown;
    return orLeft(shelf.get(prefix + JSON.stringify(key), fresh, read), signal);
  }
}

type Listed = { catalog: string; tables: CatalogueTable[]; isCut: boolean; readAt: Date };
type Missing = { catalog: string; why: string };

function toList({ value, readAt }: Shelved<string[]>): NameList {
  return { items: value, readAt: readAt.toISOString() };
}

function orLeft<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const left = () => new KernelFailure({ code: 'cancelled', message: 'The page that asked has left.' });
  if (signal.aborted) return Promise.reject(left());
  return new Promise((resolve, reject) => {
    const leave = () => reject(left());
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

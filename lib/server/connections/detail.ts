import { literal, qualified } from '#lib/connection/name.ts';
import { partitioningOf } from '#lib/connection/partition.ts';
import type { CatalogueTable, TableDetail } from '#lib/connection/view.ts';
import type { Query } from './catalogue.ts';

/*
 * One table, from all that a cluster says of it. Its columns must be there; a connector that has no comments, statistics or
 * files simply leaves those out.
 */

type Detail = Omit<TableDetail, 'readAt'>;
type Row = (string | null)[];

/** ms for each part. */
const patience = 15_000;

export async function readDetail(query: Query, place: CatalogueTable): Promise<Detail> {
  const table = qualified(place.catalog, place.schema, place.name);
  const some = (sql: string) => query(sql, { timeout: patience }).catch((): Row[] => []);
  const [columns, comment, made, statistics, files] = await Promise.all([
    query(`DESCRIBE ${table}`, { timeout: patience }),
    some(commentOf(place)),
    some(`SHOW CREATE TABLE ${table}`),
    some(`SHOW STATS FOR ${table}`),
    readFiles(some, place),
  ]);
  return {
    ...place,
    comment: comment[0]?.[0] ?? '',
    columns: columns.map(([name, type, , comment]) => ({ name: name ?? '', type: type ?? '', comment: comment ?? '' })),
    partitioning: partitioningOf(made[0]?.[0] ?? ''),
    rows: numberOf(statistics.find(isOfTable)?.[4]) ?? files.rows,
    bytes: files.bytes,
    files: files.count,
    snapshotAt: files.snapshotAt,
    statistics: statistics.filter((row) => !isOfTable(row)).map(toStatistic),
  };
}

function commentOf({ catalog, schema, name }: CatalogueTable): string {
  const where = `catalog_name = ${literal(catalog)} AND schema_name = ${literal(schema)} AND table_name = ${literal(name)}`;
  return `SELECT comment FROM system.metadata.table_comments WHERE ${where}`;
}

interface Files {
  rows: number | null;
  bytes: number | null;
  count: number | null;
  snapshotAt: string | null;
}

const unknown: Files = { rows: null, bytes: null, count: null, snapshotAt: null };

/** Of an Iceberg table, from its own metadata tables: what the newest snapshot holds. */
async function readFiles(some: (sql: string) => Promise<Row[]>, place: CatalogueTable): Promise<Files> {
  const connector = `SELECT connector_name FROM system.metadata.catalogs WHERE catalog_name = ${literal(place.catalog)}`;
  if ((await some(connector))[0]?.[0] !== 'iceberg') return unknown;
  const beside = (kind: string) => qualified(place.catalog, place.schema, `${place.name}$${kind}`);
  const [files, snapshots] = await Promise.all([
    some(`SELECT count(*), sum(file_size_in_bytes), sum(record_count) FROM ${beside('files')} WHERE content = 0`),
    some(
      `SELECT format_datetime(max(committed_at) AT TIME ZONE 'UTC', ${literal(isoPattern)}) FROM ${beside('snapshots')}`,
    ),
  ]);
  const [count, bytes, rows] = files[0] ?? [];
  if (count === undefined) return unknown;
  return {
    count: numberOf(count),
    bytes: numberOf(bytes) ?? 0,
    rows: numberOf(rows) ?? 0,
    snapshotAt: snapshots[0]?.[0] ?? null,
  };
}

const isoPattern = "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'";

/** The last row of SHOW STATS is of the table as a whole. */
const isOfTable = (row: Row) => row[0] === null;

/** Columns of SHOW STATS: name, data size, distinct values, share of NULL, rows, low, high. */
function toStatistic([column, , distinct, nulls, , low, high]: Row): TableDetail['statistics'][number] {
  return {
    column: column ?? '',
    nulls: numberOf(nulls),
    distinct: numberOf(distinct),
    low: low ?? null,
    high: high ?? null,
  };
}

function numberOf(text: string | null | undefined): number | null {
  const number = text === null || text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : null;
}

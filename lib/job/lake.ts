import { tokenize } from '#lib/sql/token.ts';
import { identifier, qualified, textLiteral } from '#lib/sql/quote.ts';
import { hashText } from '#lib/table/hash.ts';

/*
 * The SQL by which a job writes an Iceberg table, as Trino takes it. The table is cut by window: each row carries its
 * window's start, so that a window is one partition whatever its unit, and one MERGE takes away what stood there and puts
 * what a staging table holds, as one commit. Every statement carries a mark that names its window, by which a later
 * attempt finds what an earlier one left running.
 */
export interface Table {
  catalog: string;
  schema: string;
  table: string;
}

export interface TableColumn {
  name: string;
  /** As Trino writes it: `decimal(18,2)`. */
  type: string;
}

/** A step's name and text; `{{parameters}}` stay in it and are bound by who runs it. */
export interface Text {
  name: string;
  sql: string;
}

/** The column by which the table is cut: a local time in the job's zone. */
export const windowColumn = 'window_start';
const windowType = 'timestamp(6)';

export function nameOf({ catalog, schema, table }: Table): string {
  return qualified(catalog, schema, table);
}

/** `lodestar window DATASET 2026-11-20T00:00:00.000Z` */
export function markOf(datasetId: string, windowStart: Date): string {
  return `lodestar window ${datasetId} ${windowStart.toISOString()}`;
}

/** What an attempt's rows stand in until they are checked; the token tells attempts of one window apart. */
export function stageOf(table: Table, datasetId: string, windowStart: Date, token: string): Table {
  const attempt = token.replaceAll(/[^a-z0-9]/gi, '').toLowerCase();
  return { ...table, table: `${stagePrefix(table, datasetId, windowStart)}${attempt}` };
}

/**
 * Every staging table of a dataset, or of one window of it, begins with this, and no other table of ours does: two datasets
 * may be on their way to the same table before either has made it.
 */
export function stagePrefix(table: Table, datasetId: string, windowStart?: Date): string {
  const window = windowStart ? `${windowStart.toISOString().replaceAll(/\D/g, '').slice(0, 14)}_` : '';
  return `${table.table.toLowerCase()}__stage_${hashText(datasetId).slice(0, 12)}_${window}`;
}

/** Whether a table of this name is a staging table of the dataset: people's own may begin like one. */
export function isStage(table: Table, datasetId: string, name: string): boolean {
  const prefix = stagePrefix(table, datasetId);
  return name.startsWith(prefix) && /^\d{14}_[a-z0-9]{1,12}$/.test(name.slice(prefix.length));
}

/** One text of a step and those it reads, to stand where a query may. */
export function compose(query: string, texts: Text[]): string {
  const before = texts.map(({ name, sql }) => `${identifier(name)} AS (\n${bare(sql)}\n)`);
  return before.length ? `WITH ${before.join(', ')} SELECT * FROM (\n${bare(query)}\n)` : bare(query);
}

/** Without the semicolons at its end; what follows them is space and comments. */
function bare(sql: string): string {
  const tokens = tokenize(sql, 'trino');
  const isNothing = ({ kind, from, to }: (typeof tokens)[number]) =>
    kind === 'space' || kind === 'comment' || (kind === 'operator' && sql.slice(from, to) === ';');
  const last = tokens.findLastIndex((token) => !isNothing(token));
  return sql.slice(0, tokens[last]?.to ?? 0);
}

export function createStage(mark: string, stage: Table, query: string): string {
  return `CREATE TABLE /* ${mark} */ ${nameOf(stage)} AS SELECT * FROM (\n${query}\n)`;
}

export function dropTable(table: Table): string {
  return `DROP TABLE IF EXISTS ${nameOf(table)}`;
}

/** What the checks read as `output`: the staged rows with their window's start. */
export function staged(stage: Table, columns: TableColumn[], window: string): string {
  const own = columns.some(({ name }) => name.toLowerCase() === windowColumn);
  return `SELECT *${own ? '' : `, ${timestamp(window)} AS ${identifier(windowColumn)}`} FROM ${nameOf(stage)}`;
}

/** Counts rows that say they belong to another window than the one that is written. */
export function strayRows(stage: Table, window: string): string {
  return `SELECT count(*) FROM ${nameOf(stage)} WHERE CAST(${identifier(windowColumn)} AS ${windowType}) IS DISTINCT FROM ${timestamp(window)}`;
}

export function createTable(table: Table, columns: TableColumn[], comment: string): string {
  const named = [...withoutWindow(columns), { name: windowColumn, type: windowType }];
  const listed = named.map(({ name, type }) => `${identifier(name)} ${type}`).join(', ');
  return `CREATE TABLE IF NOT EXISTS ${nameOf(table)} (${listed}) COMMENT ${textLiteral(comment)} WITH (partitioning = ARRAY[${textLiteral(windowColumn)}])`;
}

export function addColumn(table: Table, { name, type }: TableColumn): string {
  return `ALTER TABLE ${nameOf(table)} ADD COLUMN ${identifier(name)} ${type}`;
}

export function widenColumn(table: Table, { name, type }: TableColumn): string {
  return `ALTER TABLE ${nameOf(table)} ALTER COLUMN ${identifier(name)} SET DATA TYPE ${type}`;
}

/**
 * Replaces one window by what is staged, as one commit. The row that says `old` matches what stands there and takes it
 * away; the others match nothing and are put in. Columns the table has and the query lacks become NULL.
 */
export function replaceWindow(
  mark: string,
  table: Table,
  stage: Table,
  columns: TableColumn[],
  window: string,
): string {
  const names = withoutWindow(columns).map(({ name }) => identifier(name));
  const inserted = [...names.map((name) => `s.${name}`), timestamp(window)].join(', ');
  const none = names.map(() => 'NULL').join(', ');
  return `MERGE /* ${mark} */ INTO ${nameOf(table)} t USING (
  SELECT ${[...names, 'false AS "old row"'].join(', ')} FROM ${nameOf(stage)}
  UNION ALL SELECT ${names.length ? `${none}, ` : ''}true
) s ON s."old row" AND t.${identifier(windowColumn)} = ${timestamp(window)}
WHEN MATCHED THEN DELETE
WHEN NOT MATCHED AND NOT s."old row" THEN INSERT (${[...names, identifier(windowColumn)].join(', ')}) VALUES (${inserted})`;
}

/**
 * Queries that carry the mark and have not ended. The mark is put together there, so that this very text, and others that
 * look for it, are not among them.
 */
export function findMarked(mark: string): string {
  const [first, ...rest] = mark.split(' ');
  const text = `${textLiteral(`${first} `)} || ${textLiteral(`${rest.join(' ')} *`)}`;
  return `SELECT query_id FROM system.runtime.queries WHERE state NOT IN ('FINISHED', 'FAILED') AND strpos(query, ${text}) > 0`;
}

export function killQuery(queryId: string, why: string): string {
  return `CALL system.runtime.kill_query(query_id => ${textLiteral(queryId)}, message => ${textLiteral(why)})`;
}

/** The snapshot that a query's commit made; no row when it changed nothing. */
export function snapshotBy(table: Table, queryId: string): string {
  const snapshots = qualified(table.catalog, table.schema, `${table.table}$snapshots`);
  return `SELECT snapshot_id FROM ${snapshots} WHERE summary['trino_query_id'] = ${textLiteral(queryId)}`;
}

/** Rows and bytes of a table's files. */
export function measureFiles(table: Table): string {
  const files = qualified(table.catalog, table.schema, `${table.table}$files`);
  return `SELECT coalesce(sum(record_count), 0), coalesce(sum(file_size_in_bytes), 0) FROM ${files}`;
}

export function columnsOf({ catalog, schema, table }: Table): string {
  return `SELECT column_name, data_type FROM ${qualified(catalog, 'information_schema', 'columns')} WHERE table_schema = ${textLiteral(schema)} AND table_name = ${textLiteral(table.toLowerCase())} ORDER BY ordinal_position`;
}

export function commentOf({ catalog, schema, table }: Table): string {
  return `SELECT comment FROM system.metadata.table_comments WHERE catalog_name = ${textLiteral(catalog)} AND schema_name = ${textLiteral(schema)} AND table_name = ${textLiteral(table.toLowerCase())}`;
}

export function tablesLike({ catalog, schema }: Table, prefix: string): string {
  return `SELECT table_name FROM ${qualified(catalog, 'information_schema', 'tables')} WHERE table_schema = ${textLiteral(schema)} AND starts_with(table_name, ${textLiteral(prefix)})`;
}

export interface Drift {
  /** Columns the table gets. */
  add: TableColumn[];
  /** Columns whose type becomes a wider one. */
  widen: TableColumn[];
  /** Columns the query no longer gives: NULL in this window. */
  missing: TableColumn[];
  /** What cannot be: in words; null when all can. */
  problem: string | null;
}

/** How a table must change before it can hold other columns than it has. */
export function driftOf(table: TableColumn[], given: TableColumn[]): Drift {
  const [before, after] = [withoutWindow(table), withoutWindow(given)];
  const find = (columns: TableColumn[], name: string) =>
    columns.find((each) => each.name.toLowerCase() === name.toLowerCase());
  const changed = after.flatMap((column) => {
    const old = find(before, column.name);
    return old && old.type !== column.type && !isWider(column.type, old.type) ? [{ old, column }] : [];
  });
  const broken = changed.filter(({ old, column }) => !isWider(old.type, column.type));
  return {
    add: after.filter(({ name }) => !find(before, name)),
    widen: changed.filter((each) => !broken.includes(each)).map(({ column }) => column),
    missing: before.filter(({ name }) => !find(after, name)),
    problem: broken.length ? brokenWords(broken) : null,
  };
}

/** What people are told when the columns are others; null when they are the same. */
export function driftWords({ add, widen, missing }: Drift): string | null {
  const text = (sign: string) => (column: TableColumn) => `${sign} ${column.name} ${column.type}`;
  const all = [...missing.map(text('−')), ...add.map(text('+')), ...widen.map(text('now'))];
  return all.length ? `The columns are not those of the windows before: ${all.join(', ')}.` : null;
}

/** Changes of type that Iceberg takes in place (https://iceberg.apache.org/spec/#schema-evolution). */
function isWider(from: string, to: string): boolean {
  if ((from === 'integer' && to === 'bigint') || (from === 'real' && to === 'double')) return true;
  const [old, next] = [from, to].map((type) => /^decimal\((\d+),\s*(\d+)\)$/.exec(type));
  return !!old && !!next && old[2] === next[2] && Number(next[1]) > Number(old[1]);
}

function brokenWords(broken: { old: TableColumn; column: TableColumn }[]): string {
  const each = broken.map(({ old, column }) => `${column.name} is ${old.type} there and ${column.type} here`);
  return `The table cannot hold these columns: ${each.join(', ')}. Cast them in the query, or promote it under another name.`;
}

function withoutWindow(columns: TableColumn[]): TableColumn[] {
  return columns.filter(({ name }) => name.toLowerCase() !== windowColumn);
}

function timestamp(text: string): string {
  return `TIMESTAMP ${textLiteral(text)}`;
}

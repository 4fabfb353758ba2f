import type { ChartSpec } from '#lib/notebook/cell.ts';
import type { Column } from '#lib/table/column.ts';
import { kindOf } from '#lib/table/kind.ts';

/*
 * The rows a chart needs, as SQL for the browser's DuckDB: grouping, binning and summing happen there, so that a million
 * rows become the few that are drawn. The answer's columns have fixed names (`x`, `x2`, `y`, `color`, for boxes the five
 * quantiles), whatever the source calls its own; identifiers are quoted and nothing of a spec is pasted as SQL.
 */

export interface ChartQuery {
  ok: true;
  sql: string;
  /** Sentences to stand beside the chart, where it shows less than it seems to. */
  warnings: string[];
}

export interface NotDrawable {
  ok: false;
  /** What is still to be chosen, or is gone. */
  reason: string;
}

/** More marks than this are not drawn: rows are sampled, groups are cut, and both are said. */
export const mostMarks = 5000;

/** What is known of the rows behind a chart. */
export interface Source {
  columns: readonly Column[];
  rows: number;
  complete: boolean;
}

export function chartQuery(spec: ChartSpec, source: Source): ChartQuery | NotDrawable {
  const reason = reasonAgainst(spec, source.columns);
  if (reason) return { ok: false, reason };
  const chart = { spec, source };
  switch (spec.type) {
    case 'number':
      return answer(chart, numberSql(chart));
    case 'histogram':
      return answer(chart, binnedSql(chart, 'count(*)', ['color']));
    case 'box':
      return answer(chart, boxSql(chart));
    case 'heat':
      return answer(chart, heatSql(chart));
    default:
      return answer(chart, marksSql(chart));
  }
}

/** Whether groups are summed up, in place of one mark a row. */
export function isAggregated(spec: ChartSpec): boolean {
  return spec.aggregate !== 'none' || spec.y === '' || ['histogram', 'box', 'heat'].includes(spec.type);
}

interface Chart {
  spec: ChartSpec;
  source: Source;
}

function reasonAgainst(spec: ChartSpec, columns: readonly Column[]): string | null {
  if (!spec.from) return 'Choose the cell whose rows to draw.';
  const needsX = !['number', 'box', 'arc'].includes(spec.type);
  if (needsX && !spec.x) return 'Choose a column for X.';
  if (spec.type === 'arc' && !spec.x && !spec.color) return 'Choose a column whose values become the slices.';
  if (['heat', 'box'].includes(spec.type) && !spec.y) return 'Choose a column for Y.';
  const used = [spec.x, spec.type === 'histogram' ? '' : spec.y, spec.color].filter(Boolean);
  const missing = used.find((name) => !columns.some((column) => column.name === name));
  if (missing) return `${spec.from} has no column ${missing} (any more). Choose another.`;
  const needsNumber = spec.type === 'box' || ['sum', 'mean', 'median'].includes(spec.aggregate);
  const measure = spec.type === 'heat' ? spec.color : spec.y;
  if (needsNumber && measure && kindOfColumn(columns, measure) !== 'number')
    return `${measure} is no number, so it has no ${measureWord(spec)}.`;
  return null;
}

function measureWord(spec: ChartSpec): string {
  return spec.type === 'box' ? 'quartiles' : spec.aggregate;
}

function answer(chart: Chart, sql: string): ChartQuery {
  return { ok: true, sql, warnings: warningsOf(chart) };
}

function warningsOf({ spec, source }: Chart): string[] {
  const rows = new Intl.NumberFormat('en').format(source.rows);
  const warnings: string[] = [];
  if (!source.complete && isAggregated(spec)) {
    warnings.push(
      `${spec.from} holds its first ${rows} rows only: every ${totalWord(spec)} here is of those, not of all.`,
    );
  }
  if (!source.complete && !isAggregated(spec)) warnings.push(`${spec.from} holds its first ${rows} rows only.`);
  if (isSampled({ spec, source }))
    warnings.push(`Drawn from a sample of ${mostMarks.toLocaleString('en')} of ${rows} rows.`);
  return warnings;
}

function totalWord(spec: ChartSpec): string {
  if (spec.type === 'box') return 'quartile';
  return spec.aggregate === 'none' || spec.aggregate === 'distinct' ? 'count' : spec.aggregate;
}

function isSampled({ spec, source }: Chart): boolean {
  return !isAggregated(spec) && spec.type !== 'number' && source.rows > mostMarks;
}

function numberSql({ spec }: Chart): string {
  const value = isAggregated(spec) ? aggregateSql(spec) : quote(spec.y);
  return `SELECT ${value} AS y FROM ${quote(spec.from)} LIMIT 1`;
}

/** line, bar, area, point and arc */
function marksSql(chart: Chart): string {
  const { spec } = chart;
  if (isAggregated(spec) && spec.xUnit === 'bin' && isNumber(chart, spec.x))
    return binnedSql(chart, aggregateSql(spec, true), ['color']);
  const dimensions = [...(spec.x ? [`${xSql(chart)} AS x`] : []), ...colorSql(spec)];
  if (isAggregated(spec)) return grouped(spec, dimensions, [`${aggregateSql(spec, true)} AS y`]);
  const from = `SELECT ${[...dimensions, `CAST(${quote(spec.y)} AS DOUBLE) AS y`].join(', ')} FROM ${quote(spec.from)}`;
  const sample = isSampled(chart) ? ` USING SAMPLE reservoir(${mostMarks} ROWS) REPEATABLE (1)` : '';
  return `SELECT * FROM (${from}${sample})${orderBy(spec)} LIMIT ${mostMarks}`;
}

function heatSql(chart: Chart): string {
  const { spec } = chart;
  const measure = spec.color && spec.aggregate !== 'none' ? aggregateSql({ ...spec, y: spec.color }, true) : 'count(*)';
  return grouped(
    { ...spec, sort: '' },
    [`${xSql(chart)} AS x`, `${quote(spec.y)} AS y`],
    [`CAST(${measure} AS DOUBLE) AS color`],
  );
}

function boxSql(chart: Chart): string {
  const y = `CAST(${quote(chart.spec.y)} AS DOUBLE)`;
  const quantile = (part: number, name: string) => `quantile_cont(${y}, ${part}) AS ${name}`;
  const measures = [
    `min(${y}) AS lo`,
    quantile(0.25, 'q1'),
    quantile(0.5, 'q2'),
    quantile(0.75, 'q3'),
    `max(${y}) AS hi`,
    'count(*) AS n',
  ];
  return grouped({ ...chart.spec, sort: '' }, chart.spec.x ? [`${xSql(chart)} AS x`] : [], measures);
}

/** Bins of a round width (1, 2 or 5 times a power of ten), about twenty of them; times are cut by their unit. */
function binnedSql(chart: Chart, measure: string, groups: 'color'[]): string {
  const { spec } = chart;
  const colors = groups.length > 0 ? colorSql(spec) : [];
  if (!isNumber(chart, spec.x))
    return grouped(spec, [`${xSql(chart)} AS x`, ...colors], [`CAST(${measure} AS DOUBLE) AS y`]);
  const x = `CAST(${quote(spec.x)} AS DOUBLE)`;
  const keys = ['x', 'x2', ...(spec.color ? ['color'] : [])];
  return `WITH ends AS (SELECT min(${x}) AS lo, max(${x}) AS hi FROM ${quote(spec.from)} WHERE isfinite(${x})),
raw AS (SELECT greatest((hi - lo) / 20, 1e-12 * greatest(abs(lo), abs(hi), 1)) AS size FROM ends),
power AS (SELECT size, pow(10, floor(log10(size))) AS ten FROM raw),
width AS (SELECT ten * CASE WHEN size <= ten THEN 1 WHEN size <= 2 * ten THEN 2 WHEN size <= 5 * ten THEN 5 ELSE 10 END AS step FROM power)
SELECT ${[`floor(${x} / step) * step AS x`, `floor(${x} / step) * step + step AS x2`, ...colors, `CAST(${measure} AS DOUBLE) AS y`].join(', ')}
FROM ${quote(spec.from)}, width WHERE isfinite(${x}) GROUP BY ${keys.map((_, index) => index + 1).join(', ')} ORDER BY 1 LIMIT ${mostMarks}`;
}

function grouped(spec: ChartSpec, dimensions: string[], measures: string[]): string {
  const by = dimensions.length > 0 ? ` GROUP BY ${dimensions.map((_, index) => index + 1).join(', ')}` : '';
  return `SELECT ${[...dimensions, ...measures].join(', ')} FROM ${quote(spec.from)}${by}${orderBy(spec)} LIMIT ${mostMarks}`;
}

function orderBy(spec: ChartSpec): string {
  const field = spec.sort.replace('-', '');
  if (field && (field === 'y' || spec.x)) return ` ORDER BY ${field}${spec.sort.startsWith('-') ? ' DESC' : ''}`;
  return ['line', 'area'].includes(spec.type) && spec.x ? ' ORDER BY x' : '';
}

function xSql({ spec, source }: Chart): string {
  const x = quote(spec.x);
  if (spec.xUnit === '' || spec.xUnit === 'bin')
    return spec.type === 'histogram' && kindOfColumn(source.columns, spec.x) === 'time' ? `date_trunc('day', ${x})` : x;
  const time = kindOfColumn(source.columns, spec.x) === 'time' ? x : `TRY_CAST(${x} AS TIMESTAMP)`;
  return `date_trunc('${spec.xUnit}', ${time})`;
}

function colorSql(spec: ChartSpec): string[] {
  return spec.color ? [`CAST(${quote(spec.color)} AS VARCHAR) AS color`] : [];
}

function aggregateSql(spec: ChartSpec, asDouble = false): string {
  const y = quote(spec.y);
  const sql = aggregates[spec.y ? spec.aggregate : 'none'](y);
  return asDouble ? `CAST(${sql} AS DOUBLE)` : sql;
}

const aggregates: Record<ChartSpec['aggregate'], (y: string) => string> = {
  none: () => 'count(*)',
  count: (y) => `count(${y})`,
  sum: (y) => `sum(${y})`,
  mean: (y) => `avg(${y})`,
  median: (y) => `median(${y})`,
  min: (y) => `min(${y})`,
  max: (y) => `max(${y})`,
  distinct: (y) => `count(DISTINCT ${y})`,
};

function isNumber({ source }: Chart, column: string): boolean {
  return kindOfColumn(source.columns, column) === 'number';
}

function kindOfColumn(columns: readonly Column[], name: string) {
  return kindOf(columns.find((column) => column.name === name)?.type ?? '');
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

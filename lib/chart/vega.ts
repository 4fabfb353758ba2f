import type { TopLevelSpec } from 'vega-lite';
import type { ChartSpec } from '#lib/notebook/cell.ts';
import type { Column } from '#lib/table/column.ts';
import { kindOf } from '#lib/table/kind.ts';
import { isAggregated } from './query.ts';
import type { ChartRow } from './rows.ts';

/*
 * A chart spec and the rows of its query as Vega-Lite. Everything here is built out of fixed parts: of what people
 * write only words reach the spec, as titles and labels, so a hostile spec can name no address and no expression. Times are
 * drawn in UTC, as the grid shows them. Colours and type come from the page's theme.
 */

/** `answer`: the columns of the chart query's answer. A number chart has no Vega: its tile shows the exact text. */
export function toVegaLite(spec: ChartSpec, answer: readonly Column[], rows: ChartRow[]): TopLevelSpec {
  const chart: Chart = { spec, answer, rows };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    width: 'container',
    height: 'container',
    autosize: { type: 'fit', contains: 'padding' },
    data: { name: 'rows', values: rows },
    ...(body(chart) as object),
  } as TopLevelSpec;
}

interface Chart {
  spec: ChartSpec;
  answer: readonly Column[];
  rows: ChartRow[];
}

type Part = Record<string, unknown>;

function body(chart: Chart): Part {
  switch (chart.spec.type) {
    case 'line':
      return lineBody(chart);
    case 'area':
      return {
        mark: { type: 'area', tooltip: true },
        encoding: { x: x(chart), y: y(chart, { stack: stackOf(chart) }), ...color(chart) },
      };
    case 'bar':
      return { mark: { type: 'bar', tooltip: true }, encoding: barEncoding(chart) };
    case 'histogram':
      return {
        mark: { type: 'bar', tooltip: true },
        encoding: { ...binned(chart), y: y(chart, { stack: true }), ...color(chart) },
      };
    case 'point':
      return {
        mark: { type: 'point', tooltip: true },
        encoding: {
          x: x(chart, isContinuous(chart, 'x') && !isTime(chart) ? { scale: { zero: false } } : {}),
          y: y(chart),
          ...color(chart),
        },
      };
    case 'arc':
      return arcBody(chart);
    case 'heat':
      return heatBody(chart);
    case 'box':
      return boxBody(chart);
    case 'number':
      return { mark: { type: 'text', fontSize: 28 }, encoding: { text: { field: 'y' } } };
  }
}

/** A few lines carry their names at their ends; more of them need a legend. */
const mostLabels = 8;

function lineBody(chart: Chart): Part {
  const encoding = { x: x(chart), y: y(chart, { stack: null }), ...color(chart) };
  const mark = { type: 'line', tooltip: true, ...(chart.rows.length < 60 && { point: { size: 14 } }) };
  const series = new Set(chart.rows.map((row) => row['color'])).size;
  if (!chart.spec.color || series > mostLabels || !isContinuous(chart, 'x')) return { mark, encoding };
  const labels = {
    mark: { type: 'text', align: 'left', dx: 6, fontSize: 11, fontWeight: 400 },
    encoding: {
      x: { ...x(chart), aggregate: 'max' },
      y: { ...y(chart, { stack: null }), aggregate: { argmax: 'x' } },
      text: { field: 'color', type: 'nominal' },
      color: { ...color(chart).color, legend: null },
    },
  };
  const quiet = { ...encoding, color: { ...color(chart).color, legend: null } };
  return { padding: { right: labelRoom(chart) }, layer: [{ mark, encoding: quiet }, labels] };
}

function labelRoom({ rows }: Chart): number {
  const longest = rows.reduce((most, row) => Math.max(most, String(row['color'] ?? 'null').length), 0);
  return Math.min(140, 12 + longest * 6.2);
}

function barEncoding(chart: Chart): Part {
  const sides = has(chart, 'x2') ? binned(chart) : { x: x(chart) };
  const offset =
    chart.spec.color && !chart.spec.stack && !isContinuous(chart, 'x') ? { xOffset: { field: 'color' } } : {};
  return { ...sides, y: y(chart, { stack: stackOf(chart) }), ...color(chart), ...offset };
}

function binned(chart: Chart): Part {
  if (!has(chart, 'x2')) return { x: x(chart) };
  return { x: { ...x(chart), bin: { binned: true }, scale: { zero: false } }, x2: { field: 'x2' } };
}

function arcBody(chart: Chart): Part {
  const slice = chart.spec.color ? 'color' : 'x';
  const legend = { field: slice, type: 'nominal', title: chart.spec[slice], sort: null };
  return {
    mark: { type: 'arc', tooltip: true, innerRadius: { expr: 'min(width, height) * 0.28' }, padAngle: 0.01 },
    encoding: {
      theta: { field: 'y', type: 'quantitative', stack: true, title: yTitle(chart) },
      color: { ...legend, legend: { orient: 'right' } },
      order: { field: 'y', sort: 'descending' },
    },
  };
}

function heatBody(chart: Chart): Part {
  const title = chart.spec.color ? `${chart.spec.aggregate} of ${chart.spec.color}` : 'rows';
  return {
    mark: { type: 'rect', tooltip: true },
    encoding: {
      x: { ...discrete(x(chart)), axis: { labelOverlap: true } },
      y: { field: 'y', type: typeFor(chart, 'y') === 'quantitative' ? 'ordinal' : 'nominal', title: chart.spec.y },
      color: { field: 'color', type: 'quantitative', title },
    },
  };
}

/** Each value stands for itself; a time by its unit. */
function discrete(channel: Part): Part {
  const { scale: _, type, ...rest } = channel;
  return { ...rest, type: 'ordinal', ...(type === 'temporal' && { timeUnit: 'utcyearmonthdatehours' }) };
}

function boxBody(chart: Chart): Part {
  const place = has(chart, 'x') ? { x: x(chart, isContinuous(chart, 'x') ? { type: 'ordinal', axis: {} } : {}) } : {};
  const scale = { zero: chart.spec.zero };
  const at = (field: string, title?: string) => ({ field, type: 'quantitative', scale, title: title ?? field });
  const tooltip = ['hi', 'q3', 'q2', 'q1', 'lo', 'n'].map((field, index) => ({
    field,
    type: 'quantitative',
    title: quantileWords[index],
  }));
  return {
    encoding: place,
    layer: [
      { mark: 'rule', encoding: { y: at('lo', chart.spec.y), y2: { field: 'hi' } } },
      { mark: { type: 'bar', size: 22 }, encoding: { y: at('q1', chart.spec.y), y2: { field: 'q3' }, tooltip } },
      { mark: { type: 'tick', size: 22, color: 'white', thickness: 2 }, encoding: { y: at('q2', chart.spec.y) } },
    ],
  };
}

const quantileWords = ['greatest', 'upper quartile', 'median', 'lower quartile', 'least', 'rows'];

/** Of an axis of times: hours of 24, as the grid writes them; the other units are Vega's own. */
const dayClock = { hours: '%H:%M', minutes: '%H:%M' };

function x(chart: Chart, more: Part = {}): Part {
  const type = typeFor(chart, 'x');
  const time = type === 'temporal' ? { scale: { type: 'utc' }, axis: { format: dayClock } } : {};
  return {
    field: 'x',
    type,
    title: chart.spec.x,
    ...(type === 'nominal' && { sort: sortOf(chart) }),
    ...time,
    ...more,
  };
}

function y(chart: Chart, more: Part = {}): Part {
  return {
    field: 'y',
    type: 'quantitative',
    title: yTitle(chart),
    scale: { zero: chart.spec.zero || chart.spec.type === 'histogram' },
    ...more,
  };
}

function color({ spec }: Chart): { color?: Part } {
  return spec.color ? { color: { field: 'color', type: 'nominal', title: spec.color } } : {};
}

/** The rows come in the order people chose; Vega would sort by name. */
function sortOf({ spec }: Chart): unknown {
  if (spec.sort === 'y' || spec.sort === '-y')
    return { field: 'y', op: 'sum', order: spec.sort === 'y' ? 'ascending' : 'descending' };
  return spec.sort === '-x' ? 'descending' : spec.sort === 'x' ? 'ascending' : null;
}

function stackOf({ spec }: Chart): boolean | null {
  return spec.stack ? true : null;
}

export function yTitle({ spec }: Pick<Chart, 'spec'>): string {
  if (!spec.y || spec.type === 'histogram') return 'rows';
  return isAggregated(spec) ? `${spec.aggregate} of ${spec.y}` : spec.y;
}

function has({ answer }: Chart, name: string): boolean {
  return answer.some((column) => column.name === name);
}

function isContinuous(chart: Chart, name: string): boolean {
  return typeFor(chart, name) !== 'nominal';
}

function isTime(chart: Chart): boolean {
  return typeFor(chart, 'x') === 'temporal';
}

function typeFor({ answer }: Chart, name: string): 'quantitative' | 'temporal' | 'nominal' {
  const kind = kindOf(answer.find((column) => column.name === name)?.type ?? '');
  return kind === 'number' ? 'quantitative' : kind === 'time' ? 'temporal' : 'nominal';
}

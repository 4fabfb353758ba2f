import { ChartSpec } from '#lib/notebook/cell.ts';
import type { Column } from '#lib/table/column.ts';
import { kindOf, type Kind } from '#lib/table/kind.ts';

/** A chart to begin with: a measure over time, a measure by group, two measures against each other, or how one spreads. */
export function suggestChart(from: string, columns: readonly Column[]): ChartSpec {
  const of = (kind: Kind) => columns.filter((column) => kindOf(column.type) === kind).map((column) => column.name);
  const numbers = of('number').filter((name) => !/(^|_)id$/i.test(name));
  const [[time], [text], [first, second]] = [of('time'), of('text'), numbers];
  const spec = ChartSpec.parse({ from });
  if (time && first) return { ...spec, type: 'line', x: time, y: first, aggregate: 'sum', color: '' };
  if (text && first) return { ...spec, type: 'bar', x: text, y: first, aggregate: 'sum', sort: '-y' };
  if (first && second) return { ...spec, type: 'point', x: first, y: second, zero: false };
  if (first) return { ...spec, type: 'histogram', x: first };
  const group = time ?? text ?? columns[0]?.name ?? '';
  return { ...spec, type: 'bar', x: group, aggregate: 'count', sort: time ? '' : '-y' };
}

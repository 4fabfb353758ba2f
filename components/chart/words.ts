import type { IconName } from '#components/parts/icon.tsx';
import type { Aggregate, ChartSpec, ChartType } from '#lib/notebook/cell.ts';

export const chartTypes: { type: ChartType; label: string; icon: IconName }[] = [
  { type: 'line', label: 'Line', icon: 'chart-line' },
  { type: 'bar', label: 'Bar', icon: 'chart-column' },
  { type: 'area', label: 'Area', icon: 'chart-area' },
  { type: 'point', label: 'Point', icon: 'chart-scatter' },
  { type: 'arc', label: 'Arc', icon: 'chart-pie' },
  { type: 'heat', label: 'Heat', icon: 'grid-3x3' },
  { type: 'histogram', label: 'Hist.', icon: 'chart-column-increasing' },
  { type: 'box', label: 'Box', icon: 'chart-candlestick' },
  { type: 'number', label: 'Number', icon: 'hash' },
];

export const unitWords: Record<ChartSpec['xUnit'], string> = {
  '': 'as it is',
  hour: 'by hour',
  day: 'by day',
  week: 'by week',
  month: 'by month',
  quarter: 'by quarter',
  year: 'by year',
  bin: 'in bins',
};

export const aggregateWords: Record<Aggregate, string> = {
  none: 'as it is',
  count: 'count',
  sum: 'sum',
  mean: 'mean',
  median: 'median',
  min: 'least',
  max: 'greatest',
  distinct: 'distinct',
};

export const sortWords: Record<ChartSpec['sort'], string> = {
  '': 'as it comes',
  x: 'by x, upward',
  '-x': 'by x, downward',
  y: 'by y, upward',
  '-y': 'by y, downward',
};

import { linePoints } from './line.ts';

/** A line without axes; its last point is now. The numbers stand beside it, so it is hidden from screen readers. */
export function Spark({ values, width = 72, height = 20 }: { values: number[]; width?: number; height?: number }) {
  const points = linePoints(values, width, height);
  const last = points.at(-1);
  return (
    <svg className="spark" viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
      <polyline points={points.map((point) => `${point.x.toFixed(1)},${point.y.toFixed(1)}`).join(' ')} />
      {last && <circle cx={last.x.toFixed(1)} cy={last.y.toFixed(1)} r="2" />}
    </svg>
  );
}

import { axisText, evenly, roundTop } from './axis.ts';
import { clock } from './words.ts';

export interface TimeChartGiven {
  title: string;
  /** What it is now, in words: `412 now`. */
  clause: string;
  /** What the picture shows, for those who do not see it. */
  label: string;
  /** Evenly spaced from `from` to `to`, each as many; the last value is now. null breaks a line. A second line is drawn muted. */
  lines: { name: string; values: readonly (number | null)[] }[];
  /** ms */
  from: number;
  to: number;
  zone: string;
}

const box = { width: 330, left: 34, right: 320, top: 8, foot: 98, height: 118 };

/** A small chart on a clock, its scale from zero. Several of them side by side share `from` and `to`. */
export function TimeChart({ title, clause, label, lines, from, to, zone }: TimeChartGiven) {
  const top = roundTop(Math.max(0, ...lines.flatMap(({ values }) => values.map((value) => value ?? 0))));
  const y = (value: number) => box.foot - (value / top) * (box.foot - box.top);
  return (
    <div>
      <h2>
        {title} <small>{clause}</small>
      </h2>
      <svg className="chart" viewBox={`0 0 ${box.width} ${box.height}`} role="img" aria-label={label}>
        {[0, top / 2, top].map((value) => (
          <g key={value}>
            <path className={value === 0 ? 'ax' : 'g'} d={`M${box.left} ${y(value)}H${box.right}`} />
            <text x={box.left - 6} y={y(value) + 4} textAnchor="end">
              {axisText(value)}
            </text>
          </g>
        ))}
        {lines.map((line, index) => (
          <Line key={line.name} values={line.values} y={y} isMain={index === 0} />
        ))}
        {evenly(from, to, 4).map((at, index) => (
          <text
            key={at}
            x={box.left + ((box.right - box.left) * index) / 3}
            y={box.foot + 16}
            textAnchor={index === 0 ? 'start' : index === 3 ? 'end' : 'middle'}
          >
            {clock(new Date(at), zone)}
          </text>
        ))}
      </svg>
    </div>
  );
}

interface LineGiven {
  values: readonly (number | null)[];
  y(value: number): number;
  isMain: boolean;
}

function Line({ values, y, isMain }: LineGiven) {
  const x = (index: number) => box.left + ((box.right - box.left) * index) / Math.max(1, values.length - 1);
  const points = values.map((value, index) => (value === null ? '' : `${x(index).toFixed(1)},${y(value).toFixed(1)}`));
  const last = values.at(-1) ?? null;
  return (
    <>
      {stretches(points).map((stretch) => (
        <polyline key={stretch} className={isMain ? 'ln' : 'ln second'} points={stretch} />
      ))}
      {isMain && last !== null && <circle className="now-p" cx={box.right} cy={y(last)} r="3" />}
    </>
  );
}

/** What stands together without a gap; a point alone is a short stroke. */
function stretches(points: readonly string[]): string[] {
  const stretch = points.join(' ').split(/ {2,}/);
  return stretch
    .map((each) => each.trim())
    .flatMap((each) => (each.includes(' ') ? each : each ? `${each} ${each}` : []));
}

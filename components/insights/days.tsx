import { whole } from '#components/parts/words.ts';
import { named, stacks } from './stacks.ts';
import { typeName } from './charts.tsx';

interface Given {
  days: { day: string }[];
  typesByDay: { day: string; type: string; charts: number }[];
  /** Types by how much they are used; the first take the colours in their order. */
  types: string[];
}

const [width, height, left, top, foot] = [620, 190, 40, 8, 22];

/** Charts a day, one bar a day, stacked by type; the names stand beside it. */
export function ChartDays({ days, typesByDay, types }: Given) {
  const { bars, most } = stacks(
    days.map((each) => each.day),
    typesByDay,
    types,
  );
  const step = (width - left) / Math.max(1, days.length);
  const y = (value: number) => top + (height - top - foot) * (1 - value / most);
  return (
    <figure className="days">
      <div>
        <svg
          className="chart"
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-label={`Charts a day from ${days[0]?.day} to ${days.at(-1)?.day}; the table beside it has the numbers`}
        >
          {[0, most / 2, most].map((value) => (
            <g key={value}>
              <path className={value === 0 ? 'ax' : 'g'} d={`M${left} ${y(value)}H${width}`} />
              <text x={left - 8} y={y(value) + 4} textAnchor="end">
                {whole(value)}
              </text>
            </g>
          ))}
          {bars.map((bar) => (
            <rect
              key={`${bar.index}-${bar.type}`}
              x={left + bar.index * step + step * 0.12}
              width={step * 0.76}
              y={y(bar.to)}
              height={y(bar.from) - y(bar.to)}
              style={{ fill: `var(--data-${bar.colour})` }}
            >
              <title>{`${bar.day}: ${whole(bar.to - bar.from)} ${typeName(bar.type)}`}</title>
            </rect>
          ))}
          <text x={left} y={height - 6}>
            {days[0]?.day}
          </text>
          <text x={width} y={height - 6} textAnchor="end">
            {days.at(-1)?.day}
          </text>
        </svg>
      </div>
      <ul className="names">
        {named(types).map((type, index) => (
          <li key={type}>
            <i style={{ background: `var(--data-${index + 1})` }} />
            {typeName(type)}
          </li>
        ))}
      </ul>
    </figure>
  );
}

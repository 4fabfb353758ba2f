import type { CSSProperties, ReactNode } from 'react';
import { percent, whole } from './words.ts';

export interface Bar {
  label: ReactNode;
  value: number;
}

/** Bars from zero, each with its name, number and share of all. */
export function Bars({ bars, label }: { bars: Bar[]; label: string }) {
  const most = Math.max(1, ...bars.map((bar) => bar.value));
  const sum = bars.reduce((total, bar) => total + bar.value, 0);
  return (
    <ul className="hbs" aria-label={label}>
      {bars.map((bar, index) => (
        <li className="hb" key={index}>
          <span>{bar.label}</span>
          <span className="bar" style={{ '--p': `${(bar.value / most) * 100}%` } as CSSProperties} />
          <span className="num">{whole(bar.value)}</span>
          <span className="num">{percent(bar.value, sum, 1)}</span>
        </li>
      ))}
    </ul>
  );
}

/** A share of a whole on a scale from none to all. */
export function Share({ label, part, of }: { label: string; part: number; of: number }) {
  return (
    <div>
      <div className="lab">
        {label}{' '}
        <span>
          {whole(part)}, {percent(part, of)}
        </span>
      </div>
      <div className="trk">
        <i style={{ width: of ? `${(part / of) * 100}%` : 0 }} />
      </div>
    </div>
  );
}

import { Strip } from '#components/parts/strip.tsx';
import { clock, count, day } from '#components/parts/words.ts';

export interface CoverageWindow {
  windowStart: string;
  state: string;
}

interface Given {
  windows: CoverageWindow[];
  unit: string;
  zone: string;
}

/** All windows of a job's output on one strip, the exceptions in words. */
export function CoverageStrip({ windows, unit, zone }: Given) {
  const hasTime = ['second', 'minute', 'hour'].includes(unit);
  const name = (at: string) => (hasTime ? `${day(at, zone)} ${clock(at, zone, unit === 'second')}` : day(at, zone));
  const named = windows.map((window) => ({ label: name(window.windowStart), state: window.state }));
  const odd = named.filter((window) => window.state !== 'good');
  return (
    <div className="covline">
      <Strip windows={named} label={`${count(windows.length, 'window')}: ${stateWords(windows)}`} />
      <div className="mo ends">
        <span>{named[0]?.label}</span>
        <span>{named.at(-1)?.label}</span>
      </div>
      {odd.length > 0 && (
        <p className="mut odd">
          {odd
            .slice(0, 8)
            .map((window) => `${window.label} ${window.state}`)
            .join('; ')}
          {odd.length > 8 && `; ${odd.length - 8} more`}.
        </p>
      )}
    </div>
  );
}

/** `160 good, 3 warned`. */
export function stateWords(windows: CoverageWindow[]): string {
  const states = [...new Set(windows.map((window) => window.state))];
  return states.map((state) => `${windows.filter((window) => window.state === state).length} ${state}`).join(', ');
}

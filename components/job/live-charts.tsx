import type { LiveView } from '#lib/job/view.ts';
import { byMinute } from '#components/parts/axis.ts';
import { TimeChart } from '#components/parts/time-chart.tsx';
import { lateClause, rateLabel, rateText, waitWords } from './live-words.ts';

interface Given {
  live: LiveView;
  /** Windowless jobs have no late events. */
  hasLate: boolean;
  now: string;
  zone: string;
}

const hourMs = 3_600_000;

/** The last hour on one clock: how fast, how far behind, how many too late; by whole minutes, and last as it is now. */
export function LiveCharts({ live, hasLate, now, zone }: Given) {
  const to = Math.floor(Date.parse(now) / 60_000) * 60_000;
  const from = to - hourMs;
  const of = (value: (minute: LiveView['minutes'][number]) => number, current?: number) => {
    const noted = live.minutes.map((minute) => ({ minute: minute.minute, value: value(minute) }));
    const values = byMinute(noted, from, to);
    return current === undefined ? values : [...values.slice(0, -1), current];
  };
  const scale = { from, to, zone };
  const late = of((minute) => minute.late);
  return (
    <section className="sect" aria-label="The last hour">
      <div className="charts3">
        <TimeChart
          {...scale}
          title="Events a second"
          clause={`${rateText(live.rateIn)} in, ${rateText(live.rateOut)} rows out now`}
          label={rateLabel(live)}
          lines={[
            { name: 'in', values: of((minute) => minute.eventsIn / 60, live.rateIn) },
            { name: 'out', values: of((minute) => minute.rowsOut / 60, live.rateOut) },
          ]}
        />
        <TimeChart
          {...scale}
          title="Behind, seconds"
          clause={`${waitWords(live.lag)} now, the most of each minute`}
          label={`Seconds behind in each minute of the last hour; now ${waitWords(live.lag)}`}
          lines={[{ name: 'behind', values: of((minute) => minute.lag, live.lag) }]}
        />
        {hasLate && (
          <TimeChart
            {...scale}
            title="Late events a minute"
            clause={lateClause(live)}
            label={`Late events in each minute of the last hour, at most ${Math.max(...late)}`}
            lines={[{ name: 'late', values: late }]}
          />
        )}
      </div>
    </section>
  );
}

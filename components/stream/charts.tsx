import type { Watched } from '#lib/client/stream/watch.ts';
import { axisText } from '#components/parts/axis.ts';
import { TimeChart } from '#components/parts/time-chart.tsx';
import { whole } from '#components/parts/words.ts';
import { newestWords, rateWords } from './words.ts';

/** The last hour on one clock: how many events, how far behind, how many too late. The last point is now. */
export function StreamCharts({ watched: { view, rates }, zone }: { watched: Watched; zone: string }) {
  const minutes = rates?.minutes ?? [];
  const [first, last] = [minutes[0], minutes.at(-1)];
  if (!first || !last) return <p className="charts-wait" />;
  const scale = { from: Date.parse(first.minute), to: Date.parse(last.minute), zone };
  const perSecond = minutes.map((minute) => (minute === last ? view.rate : minute.events / 60));
  const behind = minutes.map((minute) => minute.behind);
  return (
    <section className="sect stream-charts" aria-label="The last hour">
      <div className="charts3">
        <TimeChart
          {...scale}
          title="Events a second"
          clause={`${rateWords(view.rate)} now`}
          label={inWords('Events a second', perSecond)}
          lines={[{ name: 'events', values: perSecond }]}
        />
        <TimeChart
          {...scale}
          title="Behind, seconds"
          clause={view.lag === null ? '' : newestWords(view.lag)}
          label={inWords('Seconds by which the newest event was old when it came', behind)}
          lines={[{ name: 'behind', values: behind }]}
        />
        {last.late === null ? <NoJob /> : <Late minutes={minutes} scale={scale} />}
      </div>
    </section>
  );
}

interface LateGiven {
  minutes: NonNullable<Watched['rates']>['minutes'];
  scale: { from: number; to: number; zone: string };
}

function Late({ minutes, scale }: LateGiven) {
  const late = minutes.map((minute) => minute.late ?? 0);
  const sum = late.reduce((all, each) => all + each, 0);
  return (
    <TimeChart
      {...scale}
      title="Late events a minute"
      clause={`${whole(late.at(-1) ?? 0)} now, ${whole(sum)} in the hour`}
      label={inWords('Late events a minute', late)}
      lines={[{ name: 'late', values: late }]}
    />
  );
}

function NoJob() {
  return (
    <div>
      <h2>Late events a minute</h2>
      <p className="no-chart">
        No real-time job reads this stream, so no event can be late for one. Promote a cell that reads it.
      </p>
    </div>
  );
}

/** The picture is never the only way. */
function inWords(title: string, values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return `${title}: nothing came in the last hour`;
  const [least, most] = [Math.min(...known), Math.max(...known)];
  return `${title} in the last hour: from ${axisText(least)} to ${axisText(most)}, now ${axisText(known.at(-1)!)}`;
}

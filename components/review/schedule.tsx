import { nextTimes, scheduleWords, type Tick } from '#lib/job/schedule.ts';
import type { PromotionSpec } from '#lib/job/spec.ts';
import { lastWindowBefore } from '#lib/job/window.ts';
import { windowName } from '#components/job/words.ts';
import { Section } from '#components/parts/section.tsx';
import { DataTable } from '#components/parts/table.tsx';
import { clock, day } from '#components/parts/words.ts';

interface Given {
  spec: PromotionSpec;
  now: string;
}

/** The next ten times by the cron's own reckoning, each with the window it answers for; clock changes said in words. */
export function ScheduleSection({ spec, now }: Given) {
  const ticks = nextTimes(spec.schedule, spec.timeZone, new Date(now), 10);
  const head = (
    <>
      <th>runs at</th>
      <th className="num">UTC</th>
      <th>answers for</th>
      <th>window length</th>
      <th className="wide">note</th>
    </>
  );
  return (
    <Section
      no={3}
      title="Schedule"
      clause={`${capital(scheduleWords(spec.schedule))}, ${spec.timeZone}. The next ten runs:`}
    >
      <DataTable label="The next ten runs" head={head}>
        {ticks.map((tick) => (
          <Row key={tick.local + tick.at.toISOString()} tick={tick} spec={spec} longest={longest(ticks, spec)} />
        ))}
      </DataTable>
    </Section>
  );
}

function Row({ tick, spec, longest }: { tick: Tick; spec: PromotionSpec; longest: number }) {
  const window = lastWindowBefore(spec.window, spec.timeZone, tick.at);
  const hours = length(window);
  const usual = spec.window.unit === 'day' ? 24 * spec.window.size : hours;
  const odd = hours === usual ? '' : `This window has ${hours} hours: the clocks changed in it.`;
  const note = [tick.change, odd].filter(Boolean).join(' ');
  const ends = { windowStart: window.start.toISOString(), windowEnd: window.end.toISOString() };
  return (
    <tr className={note ? 'hl' : ''}>
      <td>
        {day(tick.at, spec.timeZone)} {tick.local.slice(11, 16)}
      </td>
      <td className="num">{clock(tick.at, 'UTC')}</td>
      <td>{windowName(ends, spec.window, spec.timeZone)}</td>
      <td>
        <span className="lenbar">
          <i style={{ width: `${(hours / longest) * 100}px` }} />
        </span>{' '}
        &nbsp;{hours >= 96 ? hours / 24 : hours}
        <span className="unit">{hours >= 96 ? 'days' : 'h'}</span>
      </td>
      <td className="wrap wide">{note}</td>
    </tr>
  );
}

function longest(ticks: Tick[], spec: PromotionSpec): number {
  return Math.max(...ticks.map((tick) => length(lastWindowBefore(spec.window, spec.timeZone, tick.at))));
}

function length(window: { start: Date; end: Date }): number {
  return Math.round(((window.end.getTime() - window.start.getTime()) / 3_600_000) * 100) / 100;
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

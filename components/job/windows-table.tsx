import type { JobView, LiveView } from '#lib/job/view.ts';
import { Mark, markOf } from '#components/parts/mark.tsx';
import { DataTable } from '#components/parts/table.tsx';
import { clock, day, took, whole } from '#components/parts/words.ts';
import { windowKnow } from './window-know.ts';
import type { WindowLine } from './windows.ts';
import { windowTimes } from './words.ts';

interface Given {
  job: JobView;
  live: LiveView;
  lines: WindowLine[];
  now: string;
  chosen: string | null;
  onChoose(runId: string): void;
}

/** The windows, what is open above what is published, the latest first; ↑ and ↓ walk, the panel shows the chosen one. */
export function WindowsTable({ job, live, lines, now, chosen, onChoose }: Given) {
  // No event is late for a job without windows of its own.
  const hasLate = job.spec.realtime?.kind === 'tumbling';
  const head = (
    <>
      <th>window</th>
      <th>state</th>
      <th className="num">events</th>
      {hasLate && <th className="num">late</th>}
      <th className="num">rows</th>
      <th className="num wide">published</th>
      <th className="num wide">took</th>
      <th className="wide">what to know</th>
    </>
  );
  return (
    <DataTable label="Windows" look="pad" head={head}>
      {lines.map((line) => (
        <Row
          key={line.windowStart}
          line={line}
          job={job}
          now={now}
          hasLate={hasLate}
          know={windowKnow(line, job, live)}
          on={line.runId !== null && line.runId === chosen}
          onChoose={onChoose}
        />
      ))}
    </DataTable>
  );
}

interface RowGiven {
  line: WindowLine;
  job: JobView;
  now: string;
  hasLate: boolean;
  know: string;
  on: boolean;
  onChoose(runId: string): void;
}

function Row({ line, job, now, hasLate, know, on, onChoose }: RowGiven) {
  const isOpen = line.state === 'open';
  const { runId } = line;
  const name = nameOf(line, job, now);
  const choose = runId ? () => onChoose(runId) : undefined;
  return (
    <tr className={on ? 'on' : ''} aria-selected={on} onClick={choose}>
      <td>
        {choose ? (
          <button type="button" className="rowlink asrow" aria-pressed={on} onClick={choose}>
            {name}
          </button>
        ) : (
          name
        )}
      </td>
      <td>
        <span className="st">
          <Mark state={isOpen ? 'running' : markOf(line.state)} progress={isOpen ? 0.5 : undefined} label="" />
          {line.isCorrected ? `${line.state}, corrected` : line.state}
        </span>
      </td>
      <Count value={line.events} soFar={isOpen} />
      {hasLate && <td className="num">{line.late === null ? '' : whole(line.late)}</td>}
      <Count value={line.rows} soFar={isOpen} />
      <td className={isOpen ? 'num wide prov-n' : 'num wide'}>
        {line.at && `${isOpen ? 'about ' : ''}${timeOf(line.at, now, job.timeZone)}`}
      </td>
      <td className="num wide">
        <Took ms={line.took} />
      </td>
      <td className="wrap wide">{know}</td>
    </tr>
  );
}

function Count({ value, soFar }: { value: number | null; soFar: boolean }) {
  if (value === null) return <td className="num" />;
  if (!soFar) return <td className="num">{whole(value)}</td>;
  return (
    <td className="num prov-n">
      <b>{whole(value)}</b>
      <span className="wide"> so far</span>
    </td>
  );
}

function Took({ ms }: { ms: number | null }) {
  if (ms === null) return null;
  const { value, unit } = took(ms);
  return (
    <>
      {value}
      <span className="unit">{unit}</span>
    </>
  );
}

/** The times, with the day where it is another than today. */
function nameOf(line: WindowLine, { window, timeZone }: JobView, now: string): string {
  if (window.unit === 'day') return day(line.windowStart, timeZone);
  const times = windowTimes(line, window, timeZone);
  return day(line.windowStart, timeZone) === day(now, timeZone) ? times : `${day(line.windowStart, timeZone)} ${times}`;
}

function timeOf(at: string, now: string, zone: string): string {
  const time = clock(at, zone, true);
  return day(at, zone) === day(now, zone) ? time : `${day(at, zone)} ${time}`;
}

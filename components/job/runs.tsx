import type { JobView, RunView } from '#lib/job/view.ts';
import { Mark, markOf } from '#components/parts/mark.tsx';
import { Section } from '#components/parts/section.tsx';
import { DataTable } from '#components/parts/table.tsx';
import { clock, day, took, whole } from '#components/parts/words.ts';
import { windowName } from './words.ts';

interface Given {
  job: JobView;
  runs: RunView[];
  more: boolean;
  now: string;
  chosen: string | null;
  onChoose(runId: string): void;
}

/** The runs, newest first; ↑ and ↓ walk, the panel shows the chosen one. */
export function RunsSection({ job, runs, more, now, chosen, onChoose }: Given) {
  const head = (
    <>
      <th>window</th>
      <th>state</th>
      <th>started</th>
      <th className="num">took</th>
      <th className="num wide">attempt</th>
      <th className="num">rows</th>
      <th className="wide">because of</th>
    </>
  );
  return (
    <Section title="Runs" clause={more ? `the last ${runs.length}` : undefined}>
      {runs.length === 0 && <p className="mut">No run yet. The schedule starts the first, or Run a window does.</p>}
      {runs.length > 0 && (
        <DataTable label="Runs" look="pad" head={head}>
          {runs.map((run) => (
            <Row key={run.id} job={job} run={run} now={now} on={run.id === chosen} onChoose={() => onChoose(run.id)} />
          ))}
        </DataTable>
      )}
    </Section>
  );
}

function Row({
  job,
  run,
  now,
  on,
  onChoose,
}: {
  job: JobView;
  run: RunView;
  now: string;
  on: boolean;
  onChoose(): void;
}) {
  return (
    <tr className={on ? 'on' : ''} aria-selected={on} onClick={onChoose}>
      <td>
        <button type="button" className="rowlink asrow" aria-pressed={on} onClick={onChoose}>
          {windowName(run, job.window, job.timeZone)}
        </button>
      </td>
      <td>
        <span className="st">
          <Mark state={markOf(run.state)} label="" />
          {run.state}
        </span>
      </td>
      <td>{started(run, job.timeZone, now)}</td>
      <td className="num">
        <Took run={run} now={now} />
      </td>
      <td className="num wide mut">{run.attempt || ''}</td>
      <td className="num">{run.rows === null ? '' : whole(run.rows)}</td>
      <td className="sec wide">{causeWords(run)}</td>
    </tr>
  );
}

export function Took({ run, now }: { run: RunView; now: string }) {
  if (!run.startedAt) return null;
  const end = run.endedAt ?? (run.state === 'running' ? now : null);
  if (!end) return null;
  const { value, unit } = took(Math.max(0, Date.parse(end) - Date.parse(run.startedAt)));
  return (
    <>
      {value}
      <span className="unit">{unit}</span>
    </>
  );
}

export function causeWords(run: RunView): string {
  const who = run.startedBy?.name;
  switch (run.cause) {
    case 'schedule':
      return 'schedule';
    case 'manual':
      return who ? `${who}, by hand` : 'by hand';
    case 'backfill':
      return who ? `${who}, backfill` : 'backfill';
    case 'stream':
      return 'its time came';
    case 'late':
      return 'late events';
  }
}

function started(run: RunView, zone: string, now: string): string {
  if (!run.startedAt) return run.state === 'queued' ? 'waits' : '';
  const time = clock(run.startedAt, zone, true);
  return day(run.startedAt, zone) === day(now, zone) ? time : `${day(run.startedAt, zone)} ${time}`;
}

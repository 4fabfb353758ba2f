import type { JobView } from '#lib/job/view.ts';
import { Section } from '#components/parts/section.tsx';
import { count } from '#components/parts/words.ts';
import { stateCounts, toCalendar } from './grid.ts';
import { eachWords, localTime, windowName } from './words.ts';

interface Given {
  job: JobView;
  /** The run the panel shows. */
  chosen: string | null;
  onChoose(runId: string): void;
}

/** Every window at a glance: good is quiet, so exceptions speak. A window with a run opens it. */
export function CoverageSection({ job, chosen, onChoose }: Given) {
  const { coverage, window, timeZone } = job;
  const calendar = toCalendar(coverage, window, (instant) => localTime(instant, timeZone, true));
  const isShort = ['second', 'minute', 'hour'].includes(window.unit);
  const since = coverage[0] && `since ${localTime(coverage[0].windowStart, timeZone).slice(0, isShort ? 16 : 10)}`;
  const head = (
    <>
      <th scope="col">{calendar.corner}</th>
      {calendar.heads.map((label, index) => (
        <th key={index} scope="col">
          {label}
        </th>
      ))}
    </>
  );
  return (
    <Section
      title="Coverage"
      clause={`${count(coverage.length, 'window')}, ${eachWords(job.spec)}${since ? `, ${since}` : ''}`}
    >
      <div className="tw" tabIndex={0} role="region" aria-label="Coverage of windows">
        <table className="cov">
          <thead>
            <tr>{head}</tr>
          </thead>
          <tbody>
            {calendar.rows.map((row) => (
              <tr key={row.label}>
                <th scope="row">{row.label}</th>
                {row.cells.map((entry, index) => (
                  <td key={index}>{entry && <Cell entry={entry} job={job} chosen={chosen} onChoose={onChoose} />}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="legend">
        {stateCounts(coverage).map(([state, number]) => (
          <span key={state}>
            <i className={`w ${state}`} />
            {state} <b>{number}</b>
          </span>
        ))}
      </div>
    </Section>
  );
}

type CellGiven = Given & { entry: JobView['coverage'][number] };

function Cell({ entry, job, chosen, onChoose }: CellGiven) {
  const name = `${windowName(entry, job.window, job.timeZone)}: ${entry.state}`;
  const { runId } = entry;
  if (!runId) return <span className={`w ${entry.state}`} role="img" aria-label={name} title={name} />;
  return (
    <button
      type="button"
      className={`w ${entry.state}${runId === chosen ? ' sel' : ''}`}
      aria-label={name}
      aria-pressed={runId === chosen}
      title={name}
      onClick={() => onChoose(runId)}
    />
  );
}

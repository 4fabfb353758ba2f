import type { JobView, RunDetail } from '#lib/job/view.ts';
import { Button } from '#components/parts/button.tsx';
import { Mark, markOf } from '#components/parts/mark.tsx';
import { clock, size, whole } from '#components/parts/words.ts';
import { causeWords, Took } from './runs.tsx';
import { localTime, shortHash, windowName } from './words.ts';

interface Given {
  job: JobView;
  run: RunDetail | null;
  now: string;
  busy: boolean;
  onAgain(): void;
  onCancel(): void;
}

/** One run: its window, what it gave, its log, what can be done about it. */
export function RunPanel({ job, run, now, busy, onAgain, onCancel }: Given) {
  if (!run)
    return (
      <div className="pbox">
        <h2>Run</h2>
        <p className="mut">Choose a run, or a window that ran, to see what it did.</p>
      </div>
    );
  const isOpen = run.state === 'queued' || run.state === 'running';
  return (
    <>
      <div className="pbox">
        <h2>
          Window {windowName(run, job.window, job.timeZone)}{' '}
          <span className="st">
            <Mark state={markOf(run.state)} label="" />
            {run.state}
          </span>
        </h2>
        <RunFacts job={job} run={run} now={now} />
      </div>
      {run.error && (
        <div className="pbox">
          <h2>
            {run.state === 'warned' ? 'Warning' : 'Why'} <span className="mono">{run.error.code}</span>
          </h2>
          <p>{run.error.message}</p>
        </div>
      )}
      <Log run={run} zone={job.timeZone} />
      {job.rights.run && (
        <div className="pbox">
          {isOpen && run.cause !== 'stream' ? (
            <Button kind="stop" disabled={busy} onClick={onCancel}>
              Stop this run
            </Button>
          ) : (
            <Button disabled={busy || isOpen} onClick={onAgain}>
              {job.kind === 'realtime' ? 'Replay this window' : 'Run this window again'}
            </Button>
          )}
        </div>
      )}
    </>
  );
}

function RunFacts({ job, run, now }: Pick<Given, 'job' | 'now'> & { run: RunDetail }) {
  const bytes = run.bytes === null ? null : size(run.bytes);
  const seconds = job.window.unit === 'second';
  return (
    <dl className="kv">
      <dt>From</dt>
      <dd>{localTime(run.windowStart, job.timeZone, seconds)}</dd>
      <dt>Until</dt>
      <dd>{localTime(run.windowEnd, job.timeZone, seconds)}</dd>
      <dt>Version</dt>
      <dd>
        {run.version}
        {run.version === job.version && (
          <>
            , <span className="mono">{shortHash(job.hash).slice(0, 9)}</span>
          </>
        )}
      </dd>
      <dt>Rows</dt>
      <dd>
        {run.rows === null ? 'none published' : `${whole(run.rows)}${bytes ? `, ${bytes.value} ${bytes.unit}` : ''}`}
      </dd>
      {run.snapshot && (
        <>
          <dt>Snapshot</dt>
          <dd className="mono">{run.snapshot}</dd>
        </>
      )}
      {run.eventsIn !== null && (
        <>
          <dt>Events</dt>
          <dd>
            {whole(run.eventsIn)}
            {run.late ? `, and ${whole(run.late)} that came late` : ''}
          </dd>
        </>
      )}
      <dt>Attempt</dt>
      <dd>{run.attempt || 'not begun'}</dd>
      <dt>Took</dt>
      <dd>
        <Took run={run} now={now} />
      </dd>
      <dt>Because of</dt>
      <dd>{causeWords(run)}</dd>
    </dl>
  );
}

function Log({ run, zone }: { run: RunDetail; zone: string }) {
  const first = run.lines[0]?.at;
  return (
    <div className="pbox">
      <h2>Log {first && <span>seconds after {clock(first, zone, true)}</span>}</h2>
      {!first && <p className="mut">{run.state === 'queued' ? 'It waits for its turn.' : 'Nothing was noted.'}</p>}
      {first && (
        <div className="logbox runlog" tabIndex={0} role="log" aria-label="Log of the run">
          {run.lines.map((line, index) => (
            <div key={index}>
              <span className="t">+{((Date.parse(line.at) - Date.parse(first)) / 1000).toFixed(3)}</span>{' '}
              <LineText text={line.text} />
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

/** A line that is an address, as of a query in a cluster's own page, is a link. */
function LineText({ text }: { text: string }) {
  if (!/^https?:\/\/\S+$/.test(text)) return text;
  return (
    <a className="link" href={text} target="_blank" rel="noreferrer">
      {text}
    </a>
  );
}

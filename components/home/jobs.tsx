import Link from 'next/link';
import { scheduleWords } from '#lib/job/schedule.ts';
import { liveWords, type Standing } from '#components/job/live-words.ts';
import { Mark, markOf } from '#components/parts/mark.tsx';
import { Strip } from '#components/parts/strip.tsx';
import { DataTable } from '#components/parts/table.tsx';
import { clock as timeOf, count, day, took, when } from '#components/parts/words.ts';
import type { Clock } from './notebooks.tsx';

export interface JobLine {
  id: string;
  name: string;
  kind: 'offline' | 'realtime';
  state: Standing['state'];
  live: Standing['live'];
  schedule: string;
  timeZone: string;
  window: { unit: string };
  nextAt: string | null;
  lastRun: { state: string; windowStart: string; startedAt: string | null; endedAt: string | null } | null;
  windows: { windowStart: string; state: string }[];
}

export function JobTable({ jobs, clock }: { jobs: JobLine[]; clock: Clock }) {
  const head = (
    <>
      <th>job</th>
      <th className="wide">runs</th>
      <th className="windows">windows</th>
      <th>last run</th>
      <th className="num wide">took</th>
      <th className="num wide">next</th>
    </>
  );
  return (
    <DataTable label="Jobs" look="mid" head={head}>
      {jobs.map((job) => (
        <JobRow key={job.id} job={job} clock={clock} />
      ))}
    </DataTable>
  );
}

function JobRow({ job, clock }: { job: JobLine; clock: Clock }) {
  return (
    <tr>
      <td>
        <Link className="rowlink mono" href={`/jobs/${job.id}`}>
          {job.name}
        </Link>
      </td>
      <td className="sec wide">{runsWords(job)}</td>
      <td>
        <Windows job={job} />
      </td>
      <td>{job.kind === 'realtime' ? <Live job={job} /> : <LastRun job={job} />}</td>
      <td className="num wide">
        <Took run={job.lastRun} />
      </td>
      <td className="num sec wide">{job.nextAt ? soon(job.nextAt, { ...clock, zone: job.timeZone }) : '–'}</td>
    </tr>
  );
}

function runsWords({ kind, state, schedule }: JobLine): string {
  if (kind === 'realtime') return 'as events come';
  return state === 'paused' ? 'paused' : scheduleWords(schedule);
}

/** How a real-time job stands in its stream. */
function Live({ job }: { job: JobLine }) {
  const { mark, says } = liveWords(job);
  return (
    <span className="st">
      <Mark state={mark} label="" />
      {says}
    </span>
  );
}

/** The window's name: its day, and its time where windows are shorter. */
function windowName(at: string, job: JobLine): string {
  const { unit } = job.window;
  if (!['second', 'minute', 'hour'].includes(unit)) return day(at, job.timeZone);
  return `${day(at, job.timeZone)} ${timeOf(at, job.timeZone, unit === 'second')}`;
}

function Windows({ job }: { job: JobLine }) {
  const windows = job.windows.map((window) => ({ label: windowName(window.windowStart, job), state: window.state }));
  if (!windows.length) return <span className="mut">none yet</span>;
  const states = [...new Set(windows.map((window) => window.state))];
  const words = states
    .map((state) => `${windows.filter((window) => window.state === state).length} ${state}`)
    .join(', ');
  return <Strip windows={windows} label={`The last ${count(windows.length, 'window')} of ${job.name}: ${words}`} />;
}

function LastRun({ job }: { job: JobLine }) {
  const run = job.lastRun;
  if (!run) return <span className="mut">not run yet</span>;
  return (
    <span className="st">
      <Mark state={markOf(run.state)} label="" />
      {windowName(run.windowStart, job)}
      {run.state !== 'good' && ` ${run.state}`}
    </span>
  );
}

function Took({ run }: { run: JobLine['lastRun'] }) {
  if (!run?.startedAt || !run.endedAt) return <span className="mut">–</span>;
  const { value, unit } = took(Date.parse(run.endedAt) - Date.parse(run.startedAt));
  return (
    <>
      {value}
      <span className="unit">{unit}</span>
    </>
  );
}

/** The time within a day from now, else the day too. */
function soon(at: string, clock: Clock): string {
  const hours = (Date.parse(at) - Date.parse(clock.now)) / 3_600_000;
  return hours < 24 ? timeOf(at, clock.zone) : `${when(at, clock.now, clock.zone)} ${timeOf(at, clock.zone)}`;
}

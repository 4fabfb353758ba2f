'use client';
import { useState } from 'react';
import type { JobView } from '#lib/job/view.ts';
import { parseInstant } from '#lib/job/clock.ts';
import { aligned, roughCount, windowsBetween, type Window } from '#lib/job/window.ts';
import { Dialog } from '#components/parts/dialog.tsx';
import { FormRow, Input } from '#components/parts/field.tsx';
import { count } from '#components/parts/words.ts';
import { localTime, windowName } from './words.ts';

interface Given {
  job: JobView;
  now: string;
  open: boolean;
  busy: boolean;
  problem: string | null;
  onClose(): void;
}

/** Which window? The last whole one is offered; what it would do is said before. */
export function AskWindow({
  job,
  now,
  open,
  busy,
  problem,
  onClose,
  onRun,
}: Given & { onRun(windowStart: string): void }) {
  const last = job.coverage.at(-1);
  const [start, setStart] = useState(last ? shown(job, last.windowStart) : '');
  const window = read(job, start, (at) => aligned(job.window, job.timeZone, at));
  const wrong =
    problem ?? (window ? null : `No window of this job starts at ${start || 'no time'} in ${job.timeZone}.`);
  const ends = window && { windowStart: window.start.toISOString(), windowEnd: window.end.toISOString() };
  const isOver = window !== null && window.end <= new Date(now);
  return (
    <Dialog
      open={open}
      title="Run which window?"
      keep="Not now"
      act="Run it"
      busy={busy || !isOver}
      onAct={() => ends && onRun(ends.windowStart)}
      onClose={onClose}
    >
      <dl className="form">
        <FormRow
          label="Starts at"
          wrong={wrong}
          hint={
            ends &&
            `${windowName(ends, job.window, job.timeZone)}. ${isOver ? 'Its rows replace those that stand there.' : 'It is not over yet.'}`
          }
        >
          {(tie) => <Input {...tie} mono value={start} onChange={(event) => setStart(event.target.value)} />}
        </FormRow>
      </dl>
    </Dialog>
  );
}

/** From when to when? The last three windows are offered. */
export function AskBackfill({
  job,
  now,
  open,
  busy,
  problem,
  onClose,
  onRun,
}: Given & { onRun(from: string, to: string): void }) {
  const [from, setFrom] = useState(shown(job, job.coverage.at(-3)?.windowStart ?? job.coverage[0]?.windowStart ?? now));
  const [to, setTo] = useState(shown(job, job.coverage.at(-1)?.windowEnd ?? now));
  const ends = read(job, from, (start) => read(job, to, (end) => ({ start, end })));
  const windows = ends ? wholeWindows(job, ends, new Date(now)) : [];
  const wrong =
    problem ??
    (windows.length ? null : 'Between these two times no whole past window starts, or more than a thousand do.');
  return (
    <Dialog
      open={open}
      title="Run past windows?"
      keep="Not now"
      act={`Run ${count(windows.length, 'window')}`}
      busy={busy || windows.length === 0}
      onAct={() => onRun(from, to)}
      onClose={onClose}
    >
      <dl className="form">
        <FormRow label="From">
          {(tie) => <Input {...tie} mono value={from} onChange={(event) => setFrom(event.target.value)} />}
        </FormRow>
        <FormRow
          label="Up to (not included)"
          wrong={wrong}
          hint={`${count(windows.length, 'window')}, one after another; the rows that stand there are replaced.`}
        >
          {(tie) => <Input {...tie} mono value={to} onChange={(event) => setTo(event.target.value)} />}
        </FormRow>
      </dl>
    </Dialog>
  );
}

/** The windows that would run; none where there are more than can be meant. */
function wholeWindows(
  { window: spec, timeZone }: JobView,
  { start, end }: { start: Date; end: Date },
  now: Date,
): Window[] {
  if (start >= end || roughCount(spec, start, end) > 1100) return [];
  return windowsBetween(spec, timeZone, start, end).filter((window) => window.end <= now);
}

/** Days as dates, hours with their time, as the clock on the job's wall shows them. */
function shown(job: JobView, instant: string): string {
  const text = localTime(instant, job.timeZone);
  return text.endsWith('00:00') ? text.slice(0, 10) : text;
}

function read<T>(job: JobView, text: string, use: (at: Date) => T | null): T | null {
  const at = parseInstant(text, job.timeZone);
  return at && use(at);
}

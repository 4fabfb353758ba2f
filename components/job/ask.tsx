'use client';
import { useState } from 'react';
import type { JobView } from '#lib/job/view.ts';
import { parseInstant } from '#lib/job/clock.ts';
import { aligned, roughCount, windowsBetween, type Window } from '#lib/job/window.ts';
import { Dialog } from '#components/parts/dialog.tsx';
import { FormRow, Input } from '#components/parts/field.tsx';
import { Notice } from '#components/parts/notice.tsx';
import { count } from '#components/parts/words.ts';
import { waitingWords } from './live-words.ts';
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

/** From when to when? The last three windows are offered. A real-time job replays what it has answered. */
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
  const windows = ends ? wholeWindows(job, ends, overBy(job, now)) : [];
  const wrong =
    problem ??
    (windows.length ? null : 'Between these two times no whole past window starts, or more than a thousand do.');
  const isRealTime = job.kind === 'realtime';
  return (
    <Dialog
      open={open}
      title={isRealTime ? 'Replay a range?' : 'Run past windows?'}
      keep="Not now"
      act={`${isRealTime ? 'Replay' : 'Run'} ${count(windows.length, 'window')}`}
      busy={busy || windows.length === 0}
      onAct={() => onRun(from, to)}
      onClose={onClose}
    >
      {isRealTime && (
        <p className="sec">
          The events that are kept of these windows are answered again, one window after another, while new ones go on
          being answered.
        </p>
      )}
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

/** Drains the job? What that means is said before. */
export function AskDrain({ job, open, busy, problem, onClose, onRun }: Omit<Given, 'now'> & { onRun(): void }) {
  const waiting = job.live ? waitingWords(job.live) : 'nothing waits';
  const isTumbling = job.spec.realtime?.kind === 'tumbling';
  return (
    <Dialog
      open={open}
      title={`Drain ${job.name}?`}
      keep="Keep it running"
      act="Drain and pause"
      busy={busy}
      onAct={onRun}
      onClose={onClose}
    >
      {problem && <Notice state="failed">{problem}</Notice>}
      <p>
        It answers every event that has come until now ({waiting}), then it pauses.{' '}
        {isTumbling && 'Windows that are open are published as they are, and say so; '}
        {isTumbling
          ? 'events that come for them later count as late.'
          : 'Events that come later wait until someone resumes it.'}
      </p>
      <p className="mut">Pause instead leaves what waits, and open windows, as they are until it resumes.</p>
    </Dialog>
  );
}

/** Until when windows are over: for a tumbling job the watermark says it, else the clock. */
function overBy({ spec, live }: JobView, now: string): Date {
  return new Date(spec.realtime?.kind === 'tumbling' ? (live?.watermark ?? 0) : now);
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

/** Days as dates, shorter windows with their time, as the clock on the job's wall shows them. */
function shown(job: JobView, instant: string): string {
  const text = localTime(instant, job.timeZone, true);
  if (text.endsWith(' 00:00:00') && job.kind === 'offline') return text.slice(0, 10);
  return job.window.unit === 'second' ? text : text.slice(0, 16);
}

function read<T>(job: JobView, text: string, use: (at: Date) => T | null): T | null {
  const at = parseInstant(text, job.timeZone);
  return at && use(at);
}

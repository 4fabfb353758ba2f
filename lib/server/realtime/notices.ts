import { newId } from '#lib/notebook/id.ts';
import type { NoticeView } from '#lib/job/view.ts';
import { formatCount } from '#lib/table/format.ts';
import type { Prisma, PrismaClient } from '#prisma/client/client.ts';

/** What people are told of a job, in words. */
export interface NewNotice {
  kind: NoticeView['kind'];
  text: string;
  data?: Prisma.InputJsonObject;
}

export async function note(
  db: PrismaClient | Prisma.TransactionClient,
  jobId: string,
  notices: NewNotice[],
  at = new Date(),
): Promise<void> {
  if (notices.length === 0) return;
  await db.notice.createMany({ data: notices.map((notice) => ({ id: newId(), jobId, at, ...notice })) });
}

/** Another process took over: from where, and after how long, s. */
export async function noteRestart(db: PrismaClient, jobId: string, after: number): Promise<void> {
  const { position } = await db.liveJob.findUniqueOrThrow({ where: { jobId } });
  const seconds = Math.max(0, Math.round(after));
  const text = `Who worked on this job was lost. It goes on from event ${count(Number(position))}, after ${seconds} s.`;
  await note(db, jobId, [{ kind: 'restart', text, data: { position: Number(position), seconds } }]);
}

export function lost(from: number, to: number): NewNotice {
  const events = to - from;
  return {
    kind: 'lost',
    text: `${formatCount(events, 'event')} ${events === 1 ? 'was' : 'were'} deleted by the stream's retention before ${events === 1 ? 'it was' : 'they were'} answered for: ${count(from)} to ${count(to - 1)}. Keep events longer, or resume jobs sooner.`,
    data: { from, to, events },
  };
}

/** Late events would correct a window whose others are no longer there. */
export function notCorrected({ start }: { start: Date }): NewNotice {
  return {
    kind: 'lost',
    text: `Events came late for the window of ${instant(start)}, but the stream's retention has deleted others of its time, so what was published stays. Keep events for longer than late ones may correct.`,
    data: { windowStart: start.toISOString() },
  };
}

export function stuck(part: string): NewNotice {
  return {
    kind: 'stuck',
    text: `${part === '' ? 'A part' : `Part ${part}`} of the stream's source has sent nothing while others do; windows no longer wait for it. Events that it sends later may come late.`,
    data: { part },
  };
}

export function tookOver(version: number): NewNotice {
  return { kind: 'version', text: `Version ${version} took over.`, data: { version } };
}

export function drained(windows: number): NewNotice {
  const many = `${count(windows)} open windows were published before their end`;
  const early = windows === 0 ? '' : ` ${windows === 1 ? 'An open window was published before its end' : many}.`;
  return {
    kind: 'drained',
    text: `Everything that had come is answered for, and the job rests.${early}`,
    data: { windows },
  };
}

export function failed(text: string, data: Prisma.InputJsonObject = {}): NewNotice {
  return { kind: 'failed', text, data };
}

/** Said once an hour of arrivals. */
export function eventsFailed({ start }: { start: Date }, { message }: { message: string }): NewNotice {
  return failed(`In the hour of ${instant(start)}: ${message}`, {
    windowStart: start.toISOString(),
    code: 'events-failed',
  });
}

export function instant(date: Date): string {
  return date.toISOString().replace('T', ' ').replace('.000Z', ' UTC');
}

export function count(number: number): string {
  return number.toLocaleString('en');
}

/** `published`: datasets that it reads and that were published since the window was answered. */
export function driftFound({ start }: { start: Date }, rows: number, runId: string, published: string[]): NewNotice {
  const why =
    published.length > 0
      ? `${published.join(' and ')} ${published.length === 1 ? 'was' : 'were'} published again since, and the query reads ${published.length === 1 ? 'it' : 'them'}; that may be all.`
      : 'No dataset that its query reads was published since: what stands was changed, or the query does not give the same twice.';
  return {
    kind: 'drift',
    text: `The window of ${instant(start)}, built again over the same events, gives ${formatCount(rows, 'other row')}. ${why}`,
    data: { windowStart: start.toISOString(), rows, runId, published },
  };
}

export function driftUnbuilt(
  { start }: { start: Date },
  { code, message }: { code: string; message: string },
): NewNotice {
  return {
    kind: 'drift',
    text: `The window of ${instant(start)} was published, but cannot be built again now: ${message}`,
    data: { windowStart: start.toISOString(), code },
  };
}

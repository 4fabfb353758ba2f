import type { RunState, RunView } from '#lib/job/view.ts';
import type { Run } from '#prisma/client/client.ts';
import { nameOf, type Names } from './person.ts';

export type RunRow = Run & { promotion: { version: number } };

export function toRunView(row: RunRow, names: Names): RunView {
  return {
    id: row.id,
    jobId: row.jobId,
    state: row.state as RunState,
    windowStart: row.windowStart.toISOString(),
    windowEnd: row.windowEnd.toISOString(),
    attempt: row.attempt,
    rows: row.rows === null ? null : Number(row.rows),
    bytes: row.bytes === null ? null : Number(row.bytes),
    snapshot: row.snapshot === null ? null : String(row.snapshot),
    error: row.error as RunView['error'],
    cause: row.cause as RunView['cause'],
    eventsIn: row.eventsIn === null ? null : Number(row.eventsIn),
    late: row.late === null ? null : Number(row.late),
    version: row.promotion.version,
    startedBy: row.startedBy ? nameOf(names, row.startedBy) : null,
    backfillId: row.backfillId,
    queuedAt: row.queuedAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}

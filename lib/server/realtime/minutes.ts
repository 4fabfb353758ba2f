import { lateIn, rowsOf, type Change } from './change.ts';
import type { Writing } from './commit.ts';

/** Adds what a commit did to this minute's counters. */
export async function addMinute({ tx, standing, at }: Writing, change: Change): Promise<void> {
  const { jobId } = standing.live;
  const { eventsIn, lag } = change;
  const late = lateIn(change);
  const rows = rowsOf(change);
  const corrections = change.answers.filter(({ cause }) => cause === 'late').length;
  if (eventsIn + rows + late + corrections === 0) return;
  const minute = new Date(Math.floor(at.getTime() / 60_000) * 60_000);
  await tx.$executeRaw`
    INSERT INTO "LiveMinute" ("jobId", minute, "eventsIn", "rowsOut", late, corrections, lag)
    VALUES (${jobId}, ${minute}, ${eventsIn}::bigint, ${rows}::bigint, ${late}::bigint, ${corrections}, ${Math.round(lag ?? 0)}::bigint)
    ON CONFLICT ("jobId", minute) DO UPDATE SET
      "eventsIn" = "LiveMinute"."eventsIn" + EXCLUDED."eventsIn", "rowsOut" = "LiveMinute"."rowsOut" + EXCLUDED."rowsOut",
      late = "LiveMinute".late + EXCLUDED.late, corrections = "LiveMinute".corrections + EXCLUDED.corrections,
      lag = GREATEST("LiveMinute".lag, EXCLUDED.lag)`;
}

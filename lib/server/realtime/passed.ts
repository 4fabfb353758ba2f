import type { Gap } from '#lib/stream/close.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import { count, instant, type NewNotice } from './notices.ts';

/* What people are told of windows that a job did not answer in their time. */

/** The stretches without events that one commit passes are one notice: while a job catches up there can be very many. */
export function gapsPassed(gaps: Gap[]): NewNotice {
  const [from, to] = [gaps[0]!.from, gaps.at(-1)!.to];
  const windows = gaps.reduce((sum, gap) => sum + gap.windows, 0);
  const where =
    gaps.length === 1
      ? `No event fell between ${instant(from)} and ${instant(to)}`
      : `No event fell into ${gaps.length} stretches between ${instant(from)} and ${instant(to)}`;
  return {
    kind: 'gap',
    text: `${where}; their ${count(windows)} empty windows were passed and not answered. Run them as a backfill where they are wanted.`,
    data: { from: from.toISOString(), to: to.toISOString(), stretches: gaps.length, windows },
  };
}

const day = 86_400_000;

/** Told once a day: it may be so for every window that comes. */
export async function crowded({ db, now }: Pick<Lodestar, 'db' | 'now'>, jobId: string): Promise<NewNotice[]> {
  const since = new Date(now().getTime() - day);
  const told = { jobId, kind: 'stuck', at: { gte: since }, data: { path: ['crowded'], equals: true } };
  if ((await db.notice.count({ where: told })) > 0) return [];
  return [
    {
      kind: 'stuck',
      text: 'Events came for more windows than may be open at once, so the oldest were answered before the watermark had reached their end. What comes for them from now on is late.',
      data: { crowded: true },
    },
  ];
}

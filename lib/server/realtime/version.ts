import { isDeepStrictEqual } from 'node:util';
import { PromotionSpec } from '#lib/job/spec.ts';
import { windowAt } from '#lib/job/window.ts';
import type { Progress } from '#lib/stream/progress.ts';
import type { Promotion } from '#prisma/client/client.ts';
import { changeOf, type Change } from './change.ts';
import { tookOver } from './notices.ts';
import type { Standing } from './standing.ts';

/** A later version takes over: at an edge of windows of both, or where the job stands when it cannot go on otherwise. */

export function takeover(next: Promotion): NonNullable<Change['takesOver']> {
  return { promotionId: next.id, ownerId: next.createdBy };
}

export function takeOverNow(standing: Standing): Change {
  const next = standing.next!;
  const { position, progress } = standing;
  return changeOf({
    position,
    progress: standing.realtime.kind === 'tumbling' ? cutAnew(standing, progress) : progress,
    takesOver: takeover(next),
    notices: [tookOver(next.version)],
  });
}

/**
 * The progress of a version whose windows may be cut otherwise. What the one before answered stays answered, is not published
 * again under other windows, and no window of the new one reaches back into it.
 */
export function cutAnew({ spec, next }: Standing, progress: Progress): Progress {
  const { window, timeZone } = PromotionSpec.parse(next!.spec);
  if (isDeepStrictEqual({ window, timeZone }, { window: spec.window, timeZone: spec.timeZone })) return progress;
  const cut = (at: number) => windowAt(window, timeZone, new Date(at));
  const edge = progress.closedThrough === null ? null : upTo(progress.closedThrough, cut);
  const open = new Map<number, Progress['open'][number]>();
  for (const [start, events, first] of progress.open) {
    const at = cut(start).start.getTime();
    const before = open.get(at);
    if (edge === null || at >= edge)
      open.set(at, [at, (before?.[1] ?? 0) + events, Math.min(before?.[2] ?? first, first)]);
  }
  return { ...progress, closedThrough: edge, correctFrom: edge, open: [...open.values()] };
}

function upTo(at: number, cut: (at: number) => { start: Date; end: Date }): number {
  const window = cut(at);
  return (window.start.getTime() === at ? window.start : window.end).getTime();
}

import { PromotionSpec } from '#lib/job/spec.ts';
import { StreamSettings } from '#lib/stream/spec.ts';
import type { Rules } from '#lib/stream/progress.ts';
import type { LiveJob, Promotion, Stream } from '#prisma/client/client.ts';
import { demandRealTime } from './begin.ts';

/** The rules by which a job's windows close, as its version and its stream say them now. */
export function rulesOf(
  spec: PromotionSpec,
  stream: Pick<Stream, 'settings'>,
  next: Pick<Promotion, 'spec'> | null = null,
  nextFrom: LiveJob['nextFrom'] = null,
): Rules {
  const { delay, late } = demandRealTime(spec);
  const { idle } = StreamSettings.parse(stream.settings);
  const { window, timeZone } = spec;
  const after = next && nextFrom ? PromotionSpec.parse(next.spec) : null;
  return {
    window,
    timeZone,
    delay,
    idle,
    late,
    ...(after ? { next: { window: after.window, timeZone: after.timeZone, from: nextFrom!.getTime() } } : {}),
  };
}

import { z } from 'zod';
import { Comparison } from './parity.ts';
import { Check } from './spec.ts';

/** What an approver is shown: that the frozen query ran on the server, and whether it gave what the notebook shows. */

export const CheckFound = z.object({ check: Check, passed: z.boolean(), found: z.string() });
export type CheckFound = z.infer<typeof CheckFound>;

export const Preview = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  rows: z.array(z.array(z.string().nullable())),
  complete: z.boolean(),
});

export const Trial = z.object({
  state: z.enum(['good', 'failed']),
  windowStart: z.iso.datetime(),
  windowEnd: z.iso.datetime(),
  rows: z.number().int().nullable(),
  bytes: z.number().int().nullable(),
  /** Milliseconds. */
  took: z.number().nullable(),
  /** Rows and bytes that clusters read for it; null where none was asked. */
  scanned: z.object({ rows: z.number(), bytes: z.number() }).nullable().default(null),
  error: z.object({ code: z.string(), message: z.string() }).loose().nullable(),
  preview: Preview.nullable(),
  checks: z.array(CheckFound),
});
export type Trial = z.infer<typeof Trial>;

export const Parity = z.object({
  /** absent: nothing to compare with, and why. */
  state: z.enum(['equal', 'differs', 'absent']),
  why: z.string(),
  comparison: Comparison.nullable(),
});
export type Parity = z.infer<typeof Parity>;

/** Of a real-time job: retained events replayed through it, compared by key with what the same text gives in batch. */
export const Replay = z.object({
  /** absent: nothing to replay, and why. */
  state: z.enum(['equal', 'differs', 'absent', 'failed']),
  why: z.string(),
  events: z.number().int(),
  /** Windows that were answered (tumbling), or batches the events were cut into (windowless). */
  pieces: z.number().int(),
  /** Events that came after their window had been answered. */
  late: z.number().int(),
  /** Of windowless jobs: events that the query fails for by themselves, which are left out. */
  failing: z.number().int().default(0),
  /** Of event times. */
  from: z.iso.datetime().nullable(),
  to: z.iso.datetime().nullable(),
  comparison: Comparison.nullable(),
  /** Milliseconds. */
  took: z.number().nullable(),
});
export type Replay = z.infer<typeof Replay>;

export const Evidence = z.object({
  gatheredAt: z.iso.datetime(),
  trial: Trial,
  parity: Parity,
  replay: Replay.optional(),
  warnings: z.array(z.string()),
  /** Who approved it though something differs, and what they were told of that. */
  accepted: z
    .object({ by: z.object({ id: z.string(), name: z.string() }), at: z.iso.datetime(), what: z.string() })
    .optional(),
});
export type Evidence = z.infer<typeof Evidence>;

/** What is under way while evidence is gathered: the trial, or the replay and how far it is. */
export const Trying = z.object({
  phase: z.enum(['trial', 'replay']),
  done: z.number().int().default(0),
  /** 0: it is not known how far it is. */
  total: z.number().int().default(0),
  of: z.enum(['windows', 'events']).default('windows'),
});
export type Trying = z.infer<typeof Trying>;

/** Why a promotion with this evidence may not be approved; null when it may. */
export function evidenceProblem(evidence: Evidence | null): string | null {
  if (!evidence) return 'The query has not been tried on the server yet.';
  const { trial } = evidence;
  if (trial.state === 'failed') return `The trial failed: ${trial.error?.message ?? 'no reason was kept'}`;
  const failed = trial.checks.filter((check) => !check.passed);
  return failed.length
    ? `${failed.length} of ${trial.checks.length} checks failed in the trial: ${failed[0]?.found}`
    : null;
}

/** What an approver must accept in so many words before they may approve it; null when nothing differs. */
export function differenceIn(evidence: Evidence | null): string | null {
  if (!evidence) return null;
  const { parity, replay } = evidence;
  const found = [
    parity.state === 'differs' && `The trial gives other rows than the notebook shows. ${parity.why}`,
    replay?.state === 'differs' && `Replayed as events come, the query gives other rows than in batch. ${replay.why}`,
    replay?.state === 'failed' &&
      `The replay failed, so nothing shows that the query gives the same as in batch. ${replay.why}`,
  ];
  return (
    found
      .filter((each) => typeof each === 'string')
      .map((each) => each.trim())
      .join(' ') || null
  );
}

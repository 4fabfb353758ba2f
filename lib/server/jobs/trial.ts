import type { Evidence, Parity, Trial } from '#lib/job/evidence.ts';
import { among, compare } from '#lib/job/parity.ts';
import type { PromotionRequest } from '#lib/job/request.ts';
import type { PromotionSpec } from '#lib/job/spec.ts';
import { parseInstant } from '#lib/job/clock.ts';
import { aligned, lastWindowBefore, type Window } from '#lib/job/window.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';
import type { Person } from '#lib/server/connections/connections.ts';
import { failureOf, isExpected } from './failure.ts';
import { tryHere, tryThere, type Rows, type Tried } from './tried.ts';
import { zoneOf, type Events, type Work } from './work.ts';

/*
 * Tries a frozen query on the server before anyone is asked to approve it: one past window, the very request a run would
 * make, nothing published. Where the notebook shows that window, its rows are compared with what came out.
 */
export interface TrialRequest {
  projectId: string;
  /** Who asked: the trial takes their turn, and has their rights on clusters. */
  person: Person;
  spec: PromotionSpec;
  /** What the notebook shows, if it shows a result. */
  shown: PromotionRequest['notebook'];
  warnings: string[];
  /** Of a real-time job: the window or the hour it is tried in, and the events that are there for it. */
  live?: { window: Window; events: Events };
}

type World = Pick<Lodestar, 'db' | 'warehouse' | 'connections' | 'streams' | 'now'>;

/** Rows that are compared, and rows that are kept for the reader. */
const compared = 10_000;
const kept = 20;
const patience = 5 * 60_000;

export async function gatherEvidence(world: World, request: TrialRequest): Promise<Evidence> {
  const { spec, shown } = request;
  const asked = shownWindow(spec, shown, world.now());
  const window = asked ?? request.live?.window ?? lastWindowBefore(spec.window, spec.timeZone, world.now());
  const { trial, rows, failing } = await runTrial(world, request, window);
  return {
    gatheredAt: world.now().toISOString(),
    trial,
    parity:
      trial.state === 'failed'
        ? absent('The trial failed, so there is nothing to compare.')
        : spec.realtime?.kind === 'windowless'
          ? parityOfEvents(shown, rows, request.live!.events.from === 0)
          : parityOf(shown, asked, rows),
    warnings: [...request.warnings, ...(failing ? [failing] : [])],
  };
}

/** The window the notebook shows, when it is one whole past window of the job. */
function shownWindow(spec: PromotionSpec, shown: PromotionRequest['notebook'], now: Date): Window | null {
  if (spec.realtime?.kind === 'windowless') return null;
  const zone = zoneOf(spec);
  const start = shown?.windowStart && parseInstant(shown.windowStart, zone);
  const window = start && aligned(spec.window, spec.timeZone, start);
  if (!window || window.end > now) return null;
  const end = shown.windowEnd ? parseInstant(shown.windowEnd, zone) : window.end;
  return end?.getTime() === window.end.getTime() ? window : null;
}

async function runTrial(
  world: World,
  request: TrialRequest,
  window: Window,
): Promise<{ trial: Trial; rows: Rows | null; failing: string | null }> {
  const { projectId, person, spec } = request;
  const work: Work = {
    projectId,
    spec,
    window,
    person,
    turn: person.userId,
    about: { kind: 'job', job: spec.target },
    ...(request.live ? { events: request.live.events } : {}),
    signal: AbortSignal.timeout(patience),
    log: () => undefined,
  };
  const tried = await (spec.place ? tryThere : tryHere)(world, work, compared).catch(failedTrial);
  const seen = tried.ok ? { rows: tried.rows, failing: tried.failing } : { rows: null, failing: null };
  return { trial: toTrial(window, tried), ...seen };
}

function failedTrial(error: unknown): Tried {
  if (!isExpected(error)) throw error;
  return { ok: false, failure: failureOf(error) };
}

function toTrial(window: Window, tried: Tried): Trial {
  const place = { windowStart: window.start.toISOString(), windowEnd: window.end.toISOString() };
  if (!tried.ok) {
    const error = JSON.parse(JSON.stringify(tried.failure)) as Trial['error'];
    return {
      state: 'failed',
      ...place,
      rows: null,
      bytes: null,
      took: null,
      scanned: null,
      error,
      preview: null,
      checks: [],
    };
  }
  const { rows, count, bytes, took, scanned, checks } = tried;
  const preview = rows && {
    ...rows,
    rows: rows.rows.slice(0, kept),
    complete: rows.complete && rows.rows.length <= kept,
  };
  return { state: 'good', ...place, rows: count, bytes, took, scanned, error: null, preview, checks };
}

function parityOf(shown: PromotionRequest['notebook'], asked: Window | null, rows: Rows | null): Parity {
  if (!shown) return absent('No result of the notebook was sent to compare with.');
  if (!asked)
    return absent('The notebook does not show one whole past window of this job, so the rows cannot be compared.');
  if (!shown.complete) return absent('The notebook shows a result that was cut, which cannot be compared.');
  if (!rows?.complete)
    return absent(`The window has more than ${compared.toLocaleString('en')} rows, which are not compared.`);
  const comparison = compare(shown, rows);
  return { state: comparison.equal ? 'equal' : 'differs', why: '', comparison };
}

/**
 * A notebook shows what the stream held when it was run, and more has come since: each row that it shows must be among those of the
 * trial. `isWhole`: the trial was over every event there ever was.
 */
function parityOfEvents(shown: PromotionRequest['notebook'], rows: Rows | null, isWhole: boolean): Parity {
  if (!shown) return absent('No result of the notebook was sent to compare with.');
  if (!rows) return absent('The trial gave no rows to compare with.');
  const comparison = compare(shown, among(rows, shown));
  const more = rows.rows.length - comparison.rows[1];
  if (comparison.equal)
    return {
      state: 'equal',
      why: more > 0 ? `Each row that the notebook shows; ${more.toLocaleString('en')} more are of other events.` : '',
      comparison,
    };
  if (isWhole && rows.complete) return { state: 'differs', why: '', comparison };
  return absent('The notebook shows rows of events that the trial did not reach; the replay compares what is kept.');
}

function absent(why: string): Parity {
  return { state: 'absent', why, comparison: null };
}

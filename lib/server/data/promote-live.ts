import { dependenceOf, unsteady, type StepPlan } from '#lib/job/plan.ts';
import type { Frozen } from '#lib/job/freeze.ts';
import { realtimeOf } from '#lib/job/realtime.ts';
import type { PromotionRequest, RealTimeRequest } from '#lib/job/request.ts';
import { PromotionSpec } from '#lib/job/spec.ts';
import { lastWindowBefore, windowParameters } from '#lib/job/window.ts';
import { ownColumns, StreamColumn } from '#lib/stream/spec.ts';
import type { Actor } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { Problem } from '#lib/server/problem.ts';
import { placedDatasets } from '#lib/server/warehouse/placed.ts';
import type { Stream } from '#prisma/client/client.ts';

/*
 * A frozen query as a real-time job: which stream it answers for, whether its text can be answered so, and what is signed. The
 * windows of streams are times in UTC, and the only engine is the warehouse, where the events are.
 */
type Text = Extract<Frozen, { ok: true }>;

export async function toLiveSpec(
  actor: Actor,
  projectId: string,
  text: Text,
  asked: PromotionRequest & { realtime: RealTimeRequest },
  timeZone: string,
): Promise<{ spec: PromotionSpec; warnings: string[] }> {
  demandNoClock(asked);
  await demandHere(projectId, text);
  const stream = await demandStreamOf(projectId, text);
  const made = realtimeOf(asked.realtime, stream.id, text, timeZone);
  if (!made.ok) throw refused(made.code, made.message);
  const { target, checks } = asked;
  const { steps, parameters } = text;
  const { realtime, window } = made;
  if (realtime.kind === 'windowless') demandRowChecks(checks);
  const spec = PromotionSpec.parse({
    target,
    steps,
    parameters,
    windowAs: 'timestamp',
    window,
    schedule: '',
    realtime,
    timeZone: made.timeZone,
    checks,
  });
  const plans = await plansOf(actor, projectId, spec, text, stream);
  const dependence = realtime.kind === 'windowless' ? dependenceOf(plans, stream.name) : null;
  if (dependence) throw refused('depends-on-batch', dependence.message);
  return { spec, warnings: [...text.warnings, ...unsteady(plans).map(unsteadyWords)] };
}

/** A batch is whatever came together, so nothing can be asked of it but of each of its rows. */
function demandRowChecks(checks: PromotionRequest['checks']): void {
  const check = checks.find(({ type }) => type === 'unique' || type === 'rows');
  if (!check) return;
  const what = check.type === 'rows' ? 'counts the rows' : 'compares the rows';
  throw refused(
    'check-of-batch',
    `The check ${check.type} ${what} of one answer, but a windowless job answers for whatever events came together. Leave it out and ask it of the job's output, or promote the query with tumbling windows.`,
  );
}

/** What only a schedule has. */
function demandNoClock({ window, schedule, place, snapshot }: PromotionRequest): void {
  const found = [
    [window !== undefined, '`window`: say `seconds` in `realtime`'],
    [schedule !== undefined, '`schedule`: the events start it'],
    [place === 'connection', '`place`: its output is kept in the warehouse'],
    [snapshot, '`snapshot`: leave it out'],
  ] as const;
  const words = found.find(([isAsked]) => isAsked)?.[1];
  if (words) throw refused('realtime', `A real-time job takes no ${words}.`);
}

/** A cluster does not see the events, and its tables are too far to be asked for every batch. */
async function demandHere(projectId: string, { steps, outside }: Text): Promise<void> {
  const away = steps.find((step) => step.engine === 'trino');
  if (away)
    throw refused(
      'realtime-engine',
      `${away.name} runs on a cluster, but the events of a real-time job are in the warehouse. Let a job with a schedule bring what ${away.name} gives into a dataset, and read that.`,
    );
  const [placed] = await placedDatasets(getLodestar().db, projectId, outside);
  if (placed)
    throw refused(
      'realtime-engine',
      `The rows of ${placed.name} are on a cluster, which cannot be asked for each batch of events. Let a job with a schedule bring them into a dataset of the warehouse, and read that.`,
    );
}

/** The one stream the text reads, through however many steps. */
async function demandStreamOf(projectId: string, { outside }: Text): Promise<Stream> {
  const all = await getLodestar().db.stream.findMany({ where: { projectId }, orderBy: { name: 'asc' } });
  const read = all.filter(({ name }) => outside.some((each) => each.toLowerCase() === name.toLowerCase()));
  const [stream, other] = read;
  if (!stream)
    throw refused(
      'no-stream',
      'The query reads no stream, so no event would start it. Promote it with a schedule, or let it read a stream of the project.',
    );
  if (other)
    throw refused(
      'many-streams',
      `The query reads ${read.map(({ name }) => name).join(' and ')}; a real-time job answers for the events of one stream. Let a job of its own write what the other gives into a dataset, and join that.`,
    );
  if (columnsOf(stream).length === 0)
    throw refused(
      'empty-stream',
      `${stream.name} has had no event yet, so its columns are not known. Push some first, or make it with its columns.`,
    );
  return stream;
}

function columnsOf({ columns }: Stream): StreamColumn[] {
  return StreamColumn.array().parse(columns);
}

/** What the engine says of the steps, with the stream as a table of its columns and datasets as they are. */
async function plansOf(
  { userId }: Actor,
  projectId: string,
  { steps, parameters, window, timeZone }: PromotionSpec,
  { outside }: Text,
  stream: Stream,
): Promise<StepPlan[]> {
  const { warehouse, now } = getLodestar();
  const isStream = (name: string) => name.toLowerCase() === stream.name.toLowerCase();
  const relations = await warehouse.relations(
    projectId,
    outside.filter((name) => !isStream(name)),
  );
  const inputs = windowParameters(lastWindowBefore(window, timeZone, now()), 'UTC', 'timestamp');
  const empty = [{ name: stream.name, columns: [...columnsOf(stream), ...ownColumns] }];
  const asked = { steps, parameters: { ...parameters, ...inputs }, relations, empty, person: userId };
  const explained = await warehouse.explain(asked, AbortSignal.timeout(120_000));
  if (explained.ok) return explained.value;
  const { message, hint = '' } = explained.error;
  throw refused('not-judged', `The engine cannot say how it would answer the query: ${message} ${hint}`.trim());
}

function unsteadyWords(call: string): string {
  return `The query uses ${call}: its answer is another one each time, so a window that is answered again will differ. Use the event time, or _received_at.`;
}

const refused = (code: string, detail: string) => new Problem(422, code, detail);

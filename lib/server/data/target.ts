import { canonical } from '#lib/job/hash.ts';
import { PromotionSpec, type RealTime } from '#lib/job/spec.ts';
import { conflict } from '#lib/server/problem.ts';
import { eventsName } from '#lib/server/warehouse/events-dataset.ts';
import { placeWords, type DatasetPlace } from '#lib/server/warehouse/placed.ts';
import type { Dataset, Job, Prisma, PrismaClient } from '#prisma/client/client.ts';
import { namesakes, streamNamed } from './namesake.ts';

/*
 * What a job may write to: a name nobody has, or its own output. Asked when a query is promoted, and again when it is
 * approved, as much may happen in between.
 */

type Client = PrismaClient | Prisma.TransactionClient;

export async function demandTarget(db: Client, projectId: string, spec: PromotionSpec): Promise<void> {
  const { target } = spec;
  await demandNoStream(db, projectId, target);
  const [found] = await namesakes(db, projectId, target);
  if (target.toLowerCase() === eventsName || (found && !found.job))
    throw conflict(
      'target-taken',
      `${found?.name ?? target} is a dataset that no job writes. Choose another name for the output.`,
    );
  await demandLateName(db, projectId, spec, found?.job ?? null);
  if (!found?.job) return;
  if (found.name !== target)
    throw conflict('target-taken', `There is a dataset ${found.name} already; SQL cannot tell ${target} from it.`);
  await demandSameKind(db, found.job, spec);
  if (spec.realtime || !(await hasWindows(db, found.job))) return;
  await demandSameWindow(db, found.job, spec);
  demandSamePlace(found, spec);
}

/** SQL reads a stream by its name, too. */
async function demandNoStream(db: Client, projectId: string, name: string): Promise<void> {
  const taken = await streamNamed(db, projectId, name);
  if (taken)
    throw conflict('target-taken', `${taken.name} is a stream of the project. Choose another name for the output.`);
}

/** Where late events are kept, they need a dataset of their own. */
async function demandLateName(db: Client, projectId: string, spec: PromotionSpec, job: Job | null): Promise<void> {
  if (spec.realtime?.late.do !== 'keep') return;
  const name = `${spec.target}_late`;
  await demandNoStream(db, projectId, name);
  const [found] = await namesakes(db, projectId, name);
  if (!found) return;
  const live = job && (await db.liveJob.findUnique({ where: { jobId: job.id } }));
  if (live?.lateDatasetId !== found.id)
    throw conflict(
      'target-taken',
      `Late events would be kept in ${name}, but there is a dataset ${found.name} already. Choose another name for the output, or let late events be dropped or correct their window.`,
    );
}

/** What starts a job, the stream it answers for and how its answers are cut stay as they are in all its versions. */
async function demandSameKind(db: Client, job: Job, spec: PromotionSpec): Promise<void> {
  const promotion = await db.promotion.findUniqueOrThrow({ where: { id: job.promotionId } });
  const [before, after] = [PromotionSpec.parse(promotion.spec).realtime, spec.realtime];
  if (before?.kind === after?.kind && before?.stream === after?.stream) return;
  const isOther = before?.kind !== after?.kind;
  throw conflict(
    'other-kind',
    isOther
      ? `${spec.target} is written by a job ${kindWords(before)}; this version would be one ${kindWords(after)}. Promote the query under another name.`
      : `${spec.target} answers for another stream than this version would. Promote the query under another name.`,
  );
}

function kindWords(realtime: RealTime | undefined): string {
  if (!realtime) return 'with a schedule';
  return realtime.kind === 'tumbling' ? 'with windows over a stream' : 'for each event of a stream';
}

/** Published, or on their way. */
async function hasWindows(db: Client, job: Job): Promise<boolean> {
  const published = await db.partition.count({ where: { datasetId: job.datasetId } });
  return published > 0 || (await db.run.count({ where: { jobId: job.id, state: { in: ['queued', 'running'] } } })) > 0;
}

/** Days beside hours, or days of another zone, overlap: the same rows would stand in the dataset twice. */
async function demandSameWindow(db: Client, job: Job, spec: PromotionSpec): Promise<void> {
  const promotion = await db.promotion.findUniqueOrThrow({ where: { id: job.promotionId } });
  const [before, after] = [windowText(PromotionSpec.parse(promotion.spec)), windowText(spec)];
  if (before !== after)
    throw conflict(
      'other-window',
      `${spec.target} holds windows of ${before}; those of ${after} would overlap them. Promote the query under another name.`,
    );
}

/** Windows that were published stay where they are, so later ones must go there too. */
function demandSamePlace(dataset: Dataset, spec: PromotionSpec): void {
  const [before, after] = [dataset.place as DatasetPlace | null, placeOf(spec)];
  if (canonical(before) === canonical(after)) return;
  const words = (place: DatasetPlace | null) => (place ? placeWords(place) : 'the warehouse');
  throw conflict(
    'other-place',
    `${spec.target} is kept in ${words(before)}; this version would write to ${words(after)}. Promote the query under another name.`,
  );
}

/** The table an output is kept in; null for the warehouse. */
export function placeOf({ place, target }: PromotionSpec): DatasetPlace | null {
  return place ? { ...place, table: target.toLowerCase() } : null;
}

function windowText({ window, timeZone }: PromotionSpec): string {
  return `${window.size} ${window.unit} in ${timeZone}`;
}

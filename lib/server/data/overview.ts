import type { Coverage, JobEntry, LiveView, PromotionEntry } from '#lib/job/view.ts';
import { allows, demand, type Actor } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { listJobs, readJob } from './job.ts';
import { namesOf } from './person.ts';
import { readProject, type ProjectView } from './project.ts';
import { listPromotions } from './promotion.ts';

/*
 * What the home page of a project says in one look. It only gathers: each noun is read by its own file, and what is
 * shown is a short beginning of a list that has a page of its own.
 */

const week = 7 * 86_400_000;

/** What every page of a project shows around itself. */
export interface Surroundings {
  project: ProjectView;
  /** Promotions this person could decide about. */
  waiting: number;
}

export async function readSurroundings(actor: Actor, projectId: string): Promise<Surroundings> {
  const project = await readProject(actor, projectId);
  const waiting = allows(project.role, 'own')
    ? await getLodestar().db.promotion.count({ where: { projectId, state: 'submitted' } })
    : 0;
  return { project, waiting };
}

export interface NotebookLine {
  id: string;
  title: string;
  owner: string;
  editedAt: string;
  editedBy: string | null;
  /** Cell runs, and people who opened it, in the last seven days. */
  runs: number;
  people: number;
}

export interface DatasetLine {
  id: string;
  name: string;
  kind: string;
  rows: number;
  updatedAt: string;
}

export type JobLine = JobEntry & { windows: Coverage[]; live: LiveLine | null };

/** How a real-time job stands, in short. */
export type LiveLine = Pick<LiveView, 'position' | 'end' | 'lag' | 'rateIn' | 'node' | 'trouble'>;

export interface Overview {
  counts: { notebooks: number; datasets: number; jobs: number; people: number };
  notebooks: NotebookLine[];
  datasets: DatasetLine[];
  jobs: JobLine[];
  waiting: PromotionEntry[];
}

export async function readOverview(actor: Actor, projectId: string): Promise<Overview> {
  await demand(actor, projectId, 'read');
  const { db } = getLodestar();
  const [notebooks, datasets, jobs, people] = [
    await db.notebook.count({ where: { projectId, deletedAt: null } }),
    await db.dataset.count({ where: { projectId, kind: { not: 'events' } } }),
    await db.job.count({ where: { projectId } }),
    await db.member.count({ where: { projectId } }),
  ];
  return {
    counts: { notebooks, datasets, jobs, people },
    notebooks: await readNotebookLines(actor, projectId, 10),
    datasets: await readDatasetLines(actor, projectId, 10),
    jobs: await readJobLines(actor, projectId, 6),
    waiting: (await listPromotions(actor, projectId)).items.filter((promotion) => promotion.state === 'submitted'),
  };
}

/** The last edited first, with how much they were used this week. */
export async function readNotebookLines(actor: Actor, projectId: string, most: number): Promise<NotebookLine[]> {
  await demand(actor, projectId, 'read');
  const rows = await getLodestar().db.notebook.findMany({
    where: { projectId, deletedAt: null },
    orderBy: [{ editedAt: 'desc' }, { id: 'asc' }],
    take: most,
  });
  const names = await namesOf(rows.flatMap((row) => [row.createdBy, row.editedBy]));
  const used = await usedThisWeek(rows.map((row) => row.id));
  return rows.map((row) => ({
    id: row.id,
    title: row.title,
    owner: names.get(row.createdBy) ?? 'someone who left',
    editedAt: row.editedAt.toISOString(),
    editedBy: row.editedBy && (names.get(row.editedBy) ?? null),
    runs: used.get(row.id)?.runs ?? 0,
    people: used.get(row.id)?.people ?? 0,
  }));
}

async function usedThisWeek(ids: string[]): Promise<Map<string, { runs: number; people: number }>> {
  if (!ids.length) return new Map();
  const { db, now } = getLodestar();
  const since = new Date(now().getTime() - week);
  const rows = await db.$queryRaw<{ notebookId: string; runs: number; people: number }[]>`
    SELECT "notebookId", count(*) FILTER (WHERE kind = 'cell-run')::int AS runs, count(DISTINCT "userId")::int AS people
    FROM "Event" WHERE "notebookId" = ANY(${ids}) AND at >= ${since} GROUP BY 1`;
  return new Map(rows.map((row) => [row.notebookId, row]));
}

/** The last written first. */
export async function readDatasetLines(actor: Actor, projectId: string, most: number): Promise<DatasetLine[]> {
  await demand(actor, projectId, 'read');
  const rows = await getLodestar().db.dataset.findMany({
    where: { projectId },
    include: { partitions: { select: { rows: true } } },
    orderBy: [{ updatedAt: 'desc' }, { name: 'asc' }],
    take: most,
  });
  const noted = await getLodestar().db.event.aggregate({ where: { projectId }, _count: true, _max: { at: true } });
  return rows.map(({ id, name, kind, partitions, updatedAt }) => ({
    id,
    name,
    kind,
    // The workbench's own events are no file: they are read where they are noted.
    rows: kind === 'events' ? noted._count : partitions.reduce((total, partition) => total + Number(partition.rows), 0),
    updatedAt: (kind === 'events' ? (noted._max.at ?? updatedAt) : updatedAt).toISOString(),
  }));
}

/** Jobs with their last 21 windows. */
export async function readJobLines(actor: Actor, projectId: string, most: number): Promise<JobLine[]> {
  const { items } = await listJobs(actor, projectId, { limit: most });
  const lines: JobLine[] = [];
  for (const job of items) {
    const { coverage, live } = await readJob(actor, job.id);
    lines.push({ ...job, windows: coverage.slice(-21), live: live && toLiveLine(live) });
  }
  return lines;
}

function toLiveLine({ position, end, lag, rateIn, node, trouble }: LiveView): LiveLine {
  return { position, end, lag, rateIn, node, trouble };
}

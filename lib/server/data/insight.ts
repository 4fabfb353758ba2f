import { Prisma } from '#prisma/client/client.ts';
import { sumInsight, type Counted, type Insight, type Span } from '#lib/telemetry/insight.ts';
import { demand, type Actor } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { badRequest, notFound } from '#lib/server/problem.ts';

const day = 86_400_000;
const longest = 400;
const usual = 84;

/** Days as `2026-10-19`; from included, to excluded. Twelve weeks to today unless told. */
export interface Asked {
  from?: string | undefined;
  to?: string | undefined;
}

/** An insight with the names its ids stand for. */
export interface NamedInsight extends Insight {
  names: { people: Record<string, string>; notebooks: Record<string, string> };
  slow: SlowQuery[];
}

export interface SlowQuery {
  /** SHA-256 of the source. */
  sqlHash: string;
  notebookId: string;
  cellId: string | null;
  engine: string;
  runs: number;
  people: number;
  /** Milliseconds, the median of the runs that ended well. */
  took: number;
}

/** How a project uses the workbench, for everyone who may read it. */
export async function projectInsight(actor: Actor, projectId: string, asked: Asked = {}): Promise<NamedInsight> {
  await demand(actor, projectId, 'read');
  const project = await getLodestar().db.project.findUnique({ where: { id: projectId }, select: { timeZone: true } });
  if (!project) throw notFound('project');
  return read([projectId], spanOf(asked, project.timeZone));
}

/** The same over every project the actor may read; an admin reads all. */
export async function workspaceInsight(actor: Actor, asked: Asked = {}): Promise<NamedInsight> {
  const where = actor.isAdmin ? {} : { members: { some: { userId: actor.userId } } };
  const projects = await getLodestar().db.project.findMany({
    where,
    select: { id: true, timeZone: true },
    orderBy: { createdAt: 'asc' },
  });
  return read(
    projects.map((project) => project.id),
    spanOf(asked, projects[0]?.timeZone ?? 'UTC'),
  );
}

function spanOf(asked: Asked, timeZone: string): Span {
  for (const given of [asked.from, asked.to]) {
    if (given !== undefined && Number.isNaN(Date.parse(given))) throw badRequest('from and to are days: 2026-10-19.');
  }
  const to = asked.to ?? addDays(today(timeZone), 1);
  const from = asked.from ?? addDays(to, -usual);
  const days = (Date.parse(to) - Date.parse(from)) / day;
  if (days < 1) throw badRequest('from must be before to; to is the first day left out.');
  if (days > longest) throw badRequest(`At most ${longest} days at once; these are ${days}.`);
  return { from, to, timeZone };
}

function today(timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone }).format(getLodestar().now());
}

function addDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * day).toISOString().slice(0, 10);
}

async function read(projectIds: string[], span: Span): Promise<NamedInsight> {
  const insight = sumInsight(span, projectIds.length ? await countEvents(projectIds, span) : []);
  const slow = projectIds.length ? await slowQueries(projectIds, span) : [];
  return { ...insight, slow, names: await namesOf(insight, slow) };
}

/** Events of the span, in the days of its zone. */
function within(projectIds: string[], { from, to, timeZone }: Span): Prisma.Sql {
  return Prisma.sql`"projectId" IN (${Prisma.join(projectIds)}) AND "userId" IS NOT NULL AND "notebookId" IS NOT NULL
    AND at >= (${from}::timestamp AT TIME ZONE ${timeZone}) AND at < (${to}::timestamp AT TIME ZONE ${timeZone})`;
}

async function countEvents(projectIds: string[], span: Span): Promise<Counted[]> {
  return getLodestar().db.$queryRaw<Counted[]>`
    SELECT kind, to_char(at AT TIME ZONE ${span.timeZone}, 'YYYY-MM-DD') AS day, "userId", "notebookId",
      fields->>'type' AS type, (fields->>'grouped')::boolean AS grouped, (fields->>'sorted')::boolean AS sorted,
      (fields->>'titled')::boolean AS titled, fields->>'engine' AS engine, fields->>'state' AS state, count(*)::int AS count
    FROM "Event" WHERE ${within(projectIds, span)} AND kind IN ('chart-shown', 'chart-edited', 'cell-run', 'notebook-opened')
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 ORDER BY 2, 1, 3, 4`;
}

/** The ten slowest queries by the median of their good runs. */
async function slowQueries(projectIds: string[], span: Span): Promise<SlowQuery[]> {
  return getLodestar().db.$queryRaw<SlowQuery[]>`
    SELECT fields->>'sqlHash' AS "sqlHash", "notebookId", max("cellId") AS "cellId", fields->>'engine' AS engine,
      count(*)::int AS runs, count(DISTINCT "userId")::int AS people,
      (percentile_cont(0.5) WITHIN GROUP (ORDER BY (fields->>'took')::float8))::float8 AS took
    FROM "Event" WHERE ${within(projectIds, span)} AND kind = 'cell-run' AND fields->>'state' = 'good' AND fields->>'sqlHash' IS NOT NULL
    GROUP BY 1, 2, 4 ORDER BY took DESC, 1 LIMIT 10`;
}

async function namesOf(insight: Insight, slow: SlowQuery[]): Promise<NamedInsight['names']> {
  const { db } = getLodestar();
  const userIds = [...new Set([...insight.charts.who, ...insight.runs.who].map((each) => each.userId))];
  const notebookIds = [
    ...new Set([...insight.charts.notebooks.map((each) => each.id), ...slow.map((each) => each.notebookId)]),
  ];
  const people = await db.user.findMany({ where: { id: { in: userIds } }, select: { id: true, name: true } });
  const notebooks = await db.notebook.findMany({
    where: { id: { in: notebookIds } },
    select: { id: true, title: true },
  });
  return {
    people: Object.fromEntries(people.map((person) => [person.id, person.name])),
    notebooks: Object.fromEntries(notebooks.map((notebook) => [notebook.id, notebook.title])),
  };
}

import { readsOfTrino } from '#kernels/server.ts';
import { ConnectionSettings, writesIn } from '#lib/connection/settings.ts';
import { isZone } from '#lib/job/clock.ts';
import type { Evidence, Trying } from '#lib/job/evidence.ts';
import { freeze, type KnownDataset } from '#lib/job/freeze.ts';
import { specHash } from '#lib/job/hash.ts';
import type { PromotionRequest } from '#lib/job/request.ts';
import { defaultSchedule, scheduleProblem } from '#lib/job/schedule.ts';
import { CalendarUnit, PromotionSpec, type Place, type Step, type WindowSpec } from '#lib/job/spec.ts';
import type { PromotionView } from '#lib/job/view.ts';
import type { Cell } from '#lib/notebook/cell.ts';
import { readNotebook } from '#lib/notebook/document.ts';
import { newId } from '#lib/notebook/id.ts';
import { parametersIn } from '#lib/notebook/input.ts';
import type { Actor } from '#lib/server/access.ts';
import { gatherEvidence, type TrialRequest } from '#lib/server/jobs/trial.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { Problem } from '#lib/server/problem.ts';
import { pastOf, replay, trialOf } from '#lib/server/realtime/rehearse.ts';
import { placedDatasets } from '#lib/server/warehouse/placed.ts';
import { Prisma, type Connection, type Promotion } from '#prisma/client/client.ts';
import { demandNotebook } from './notebook.ts';
import { toLiveSpec } from './promote-live.ts';
import { readPromotion } from './promotion.ts';
import { demandTarget } from './target.ts';

/** Freezes a cell, tries it on the server and keeps both, as a draft. */
export async function createPromotion(
  actor: Actor,
  notebookId: string,
  asked: PromotionRequest,
  tell: (trying: Trying) => void = () => {},
): Promise<PromotionView> {
  const { row } = await demandNotebook(actor, notebookId, 'edit');
  const { cells } = await getLodestar().rooms.read(notebookId, readNotebook);
  const cell = findCell(cells, asked.cell);
  const { spec, warnings } = await toSpec(actor, row.projectId, cell, cells, asked);
  await demandTarget(getLodestar().db, row.projectId, spec);
  const shown = withWindow(asked.notebook, cells);
  const evidence = await evidenceOf(actor, row.projectId, spec, { shown, warnings }, tell);
  const place = { projectId: row.projectId, notebookId, cellId: cell.id, createdBy: actor.userId, note: asked.note };
  const { id } = await insert(place, spec, evidence);
  return readPromotion(actor, id);
}

/** A real-time job is tried where its stream stands, and what is kept of it is replayed. */
async function evidenceOf(
  actor: Actor,
  projectId: string,
  spec: PromotionSpec,
  given: Pick<TrialRequest, 'shown' | 'warnings'>,
  tell: (trying: Trying) => void,
): Promise<Evidence> {
  const world = getLodestar();
  const request = { projectId, person: actor, spec, ...given };
  const of = spec.realtime?.kind === 'windowless' ? 'events' : 'windows';
  tell({ phase: 'trial', done: 0, total: 0, of });
  if (!spec.realtime) return gatherEvidence(world, request);
  const past = await pastOf(world, projectId, actor, spec);
  const evidence = await gatherEvidence(world, { ...request, live: trialOf(past, world.now()) });
  if (evidence.trial.state !== 'good') return evidence;
  return { ...evidence, replay: await replay(world, past, (how) => tell({ phase: 'replay', of, ...how })) };
}

function findCell(cells: Cell[], asked: string): Cell {
  const cell = cells.find((each) => each.id === asked) ?? cells.find((each) => each.name !== '' && each.name === asked);
  if (!cell) throw refused('unknown-cell', `The notebook has no cell ${asked}.`);
  return cell;
}

async function toSpec(actor: Actor, projectId: string, cell: Cell, cells: Cell[], asked: PromotionRequest) {
  const connections = await connectionsOf(projectId);
  const frozen = await freeze(cell, {
    cells,
    reads,
    datasets: (names) => knownDatasets(projectId, names),
    connections: new Map(connections.map(({ id, name }) => [id, name])),
  });
  if (!frozen.ok) throw refused(frozen.code, frozen.message);
  if (asked.realtime) {
    const zone = asked.timeZone ?? (await zoneOf(projectId));
    demandZone(zone);
    return toLiveSpec(actor, projectId, frozen, { ...asked, realtime: asked.realtime }, zone);
  }
  const { steps, parameters, windowAs } = frozen;
  const timeZone = asked.timeZone ?? (await zoneOf(projectId));
  const window = demandWindow(asked, frozen.usesWindow, windowAs);
  const schedule = asked.schedule ?? defaultSchedule(CalendarUnit.parse(window.unit));
  demandSchedule(schedule, timeZone);
  const { target, checks } = asked;
  const place = placeFor(steps.at(-1)!, connections, asked.place);
  const spec = PromotionSpec.parse({ target, place, steps, parameters, windowAs, window, schedule, timeZone, checks });
  const warnings = frozen.usesWindow
    ? frozen.warnings
    : [...frozen.warnings, 'The query uses no window: each window keeps what the query saw when it ran.'];
  return { spec, warnings };
}

function reads(sql: string, engine: Step['engine']): Promise<string[]> {
  return engine === 'trino' ? readsOfTrino(sql) : getLodestar().warehouse.kernel.reads(sql);
}

async function knownDatasets(projectId: string, names: string[]): Promise<KnownDataset[]> {
  const { db, warehouse } = getLodestar();
  const placed = await placedDatasets(db, projectId, names);
  const here = Object.keys(await warehouse.relations(projectId, names));
  return [
    ...placed.map(({ name, place }) => ({ name, connection: place.connection })),
    ...here.map((name) => ({ name, connection: null })),
  ];
}

type ConnectionRow = Pick<Connection, 'id' | 'name' | 'settings'>;

function connectionsOf(projectId: string): Promise<ConnectionRow[]> {
  return getLodestar().db.connection.findMany({
    where: { projectId },
    select: { id: true, name: true, settings: true },
  });
}

/** Where the output is kept: on the last step's connection, where jobs may write there and nothing else was asked. */
function placeFor(last: Step, connections: ConnectionRow[], asked: PromotionRequest['place']): Place | undefined {
  if (asked === 'warehouse') return undefined;
  const connection = connections.find(({ id }) => last.engine === 'trino' && id === last.connection);
  const place = connection && placeOf(connection);
  if (place || asked === undefined) return place ?? undefined;
  throw refused(
    'no-place',
    connection
      ? `Jobs may not write on ${connection.name}. An owner can name a schema for them in its settings; or keep the output in the warehouse.`
      : `${last.name} runs in the warehouse, so its output is kept there.`,
  );
}

function placeOf({ id, settings }: ConnectionRow): Place | null {
  const place = writesIn(ConnectionSettings.parse(settings));
  return place && { connection: id, ...place };
}

function demandZone(timeZone: string): void {
  if (!isZone(timeZone))
    throw refused('bad-zone', `There is no time zone ${timeZone}; use a name such as Europe/Berlin.`);
}

function demandSchedule(schedule: string, timeZone: string): void {
  const problem = scheduleProblem(schedule, timeZone);
  if (problem) throw refused('bad-schedule', problem);
}

function demandWindow(asked: PromotionRequest, usesWindow: boolean, windowAs: PromotionSpec['windowAs']): WindowSpec {
  const { window } = asked;
  if (!window) throw refused('no-window', 'Say which window the job answers for.');
  if (!CalendarUnit.safeParse(window.unit).success)
    throw refused(
      'window-unit',
      `A schedule follows windows of hours, days, weeks or months, not of ${window.unit}s. Promote the query as a real-time job to answer for each ${window.unit}.`,
    );
  if (!usesWindow && !asked.snapshot)
    throw refused(
      'no-window',
      'The query uses neither {{window_start}} nor {{window_end}}, so every window would hold the same rows. Use them in the query, or promote it as a snapshot if that is what you want.',
    );
  if (window.unit === 'hour' && windowAs === 'date')
    throw refused(
      'window-inputs',
      'Windows of an hour need window_start and window_end to be timestamps; in this notebook they are dates.',
    );
  return window;
}

async function zoneOf(projectId: string): Promise<string> {
  const project = await getLodestar().db.project.findUniqueOrThrow({ where: { id: projectId } });
  return project.timeZone;
}

/** The window a page did not name is that of the notebook's inputs. */
function withWindow(shown: PromotionRequest['notebook'], cells: Cell[]): PromotionRequest['notebook'] {
  const { window_start: start, window_end: end } = parametersIn(cells);
  const text = (value: typeof start) =>
    value?.value === undefined || value.value === null ? undefined : String(value.value);
  return shown && { ...shown, windowStart: shown.windowStart ?? text(start), windowEnd: shown.windowEnd ?? text(end) };
}

type NewRow = Pick<Promotion, 'projectId' | 'notebookId' | 'cellId' | 'createdBy' | 'note'>;

/** As the next version of its target; two at the same moment get two versions. */
async function insert(place: NewRow, spec: PromotionSpec, evidence: Evidence, tries = 5): Promise<{ id: string }> {
  const { db, now } = getLodestar();
  const { projectId } = place;
  const last = await db.promotion.aggregate({ where: { projectId, target: spec.target }, _max: { version: true } });
  const version = (last._max.version ?? 0) + 1;
  const data = {
    id: newId(),
    ...place,
    target: spec.target,
    version,
    state: 'draft',
    spec,
    hash: await specHash(spec),
    evidence,
    createdAt: now(),
  };
  try {
    return await db.promotion.create({ data: { ...data, evidence: evidence as Prisma.InputJsonValue } });
  } catch (error) {
    const isRace = error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
    if (!isRace || tries === 1) throw error;
    return insert(place, spec, evidence, tries - 1);
  }
}

const refused = (code: string, detail: string) => new Problem(422, code, detail);

import { z } from 'zod';
import { demand, type Actor } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { Problem } from '#lib/server/problem.ts';
import { onPublished } from '#lib/server/warehouse/published.ts';

/*
 * What is published, told as it happens. One look a while at the versions of all datasets somebody listens for, however many
 * listen: versions in the database are the truth, so that what another process published is told too; what this one published
 * is looked at soon. A listener that is slow is told only the last version of each dataset.
 */

/** A dataset of the project was published, renamed or made. */
export const Published = z.object({ datasetId: z.string(), name: z.string(), version: z.number().int() });
export type Published = z.infer<typeof Published>;

export const changesLimits = {
  /** Between looks, ms. */
  every: 500,
  /** Between them while this process publishes, ms. */
  least: 50,
  /** Lines a person may have open. */
  perPerson: 20,
};

class Line {
  private waiting = new Map<string, Published>();
  private wake = () => {};
  private isOver = false;

  tell(published: Published): void {
    this.waiting.delete(published.datasetId);
    this.waiting.set(published.datasetId, published);
    this.wake();
  }

  end(): void {
    this.isOver = true;
    this.wake();
  }

  /** What is to be told, at once or when something comes; nothing when the signal is aborted before, null at the end. */
  async next(signal: AbortSignal): Promise<Published[] | null> {
    if (this.waiting.size === 0 && !signal.aborted && !this.isOver)
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    if (this.isOver) return null;
    const told = [...this.waiting.values()];
    this.waiting.clear();
    return told;
  }
}

/** What somebody listens for: its lines, and the versions they know. */
interface Watched {
  lines: Set<Line>;
  known: Promise<Map<string, Published>>;
}

const watched = new Map<string, Watched>();
const open = new Map<string, number>();
let timer: ReturnType<typeof setTimeout> | undefined;
let looked = 0;
let isLooking = false;
/** This process has published since the last look began. */
let isNews = false;
let stopHearing: (() => void) | undefined;

export interface Changes {
  /** What came since it was asked last; waits until something does, or the signal is aborted. null: no more will come. */
  next(signal: AbortSignal): Promise<Published[] | null>;
  close(): void;
}

/** From when it resolves on, nothing is missed. Throws a Problem (429) when the person has too many lines open. */
export async function openChanges(actor: Actor, projectId: string): Promise<Changes> {
  await demand(actor, projectId, 'read');
  const leave = count(actor.userId);
  const line = new Line();
  const all = join(projectId, line);
  const close = () => {
    leave();
    part(projectId, line);
  };
  try {
    await all.known;
  } catch (error) {
    close();
    throw error;
  }
  return { next: (signal) => line.next(signal), close };
}

/** Ends every line of this process, which stops: who listened comes back to another. */
export function endChanges(): void {
  for (const { lines } of watched.values()) for (const line of lines) line.end();
}

function count(userId: string): () => void {
  const lines = open.get(userId) ?? 0;
  if (lines >= changesLimits.perPerson)
    throw new Problem(
      429,
      'too-many-lines',
      `You are listening for changes ${lines} times already, in other pages or scripts. Close one of them.`,
      { retryAfter: 30 },
    );
  open.set(userId, lines + 1);
  let isOpen = true;
  return () => {
    if (!isOpen) return;
    isOpen = false;
    const left = (open.get(userId) ?? 1) - 1;
    if (left > 0) open.set(userId, left);
    else open.delete(userId);
  };
}

function join(projectId: string, line: Line): Watched {
  const standing = watched.get(projectId) ?? { lines: new Set(), known: versionsOf([projectId]) };
  standing.lines.add(line);
  watched.set(projectId, standing);
  schedule();
  return standing;
}

function part(projectId: string, line: Line): void {
  const standing = watched.get(projectId);
  standing?.lines.delete(line);
  if (standing?.lines.size === 0) watched.delete(projectId);
  if (watched.size > 0) return;
  stopHearing?.();
  stopHearing = undefined;
  clearTimeout(timer);
}

/** The next look waits for the one under way, so that a slow database is not asked ever more. */
function schedule(): void {
  stopHearing ??= onPublished(() => {
    isNews = true;
    schedule();
  });
  if (isLooking) return;
  clearTimeout(timer);
  const pause = isNews ? changesLimits.least : changesLimits.every;
  timer = setTimeout(() => void look(), Math.max(0, looked + pause - Date.now())).unref();
}

async function look(): Promise<void> {
  isLooking = true;
  isNews = false;
  looked = Date.now();
  const projects = [...watched];
  try {
    const now = await versionsOf(projects.map(([projectId]) => projectId));
    for (const [projectId, standing] of projects) await compare(projectId, standing, now);
  } catch (error) {
    getLodestar().log.warn({ err: error }, 'what was published could not be looked up');
  }
  isLooking = false;
  if (watched.size > 0) schedule();
}

type Versions = Map<string, Published & { projectId?: string }>;

/** A look that began before the first versions were read can be older than those, and tells nothing then. */
async function compare(projectId: string, { lines, known }: Watched, now: Versions): Promise<void> {
  const before = await known;
  for (const [id, { projectId: own, ...published }] of now) {
    const last = before.get(id);
    const isNews = last ? last.version < published.version || last.name !== published.name : published.version > 0;
    if (own !== projectId || !isNews) continue;
    before.set(id, published);
    for (const line of lines) line.tell(published);
  }
}

async function versionsOf(projectIds: string[]): Promise<Versions> {
  const rows = await getLodestar().db.dataset.findMany({
    where: { projectId: { in: projectIds } },
    select: { id: true, projectId: true, name: true, version: true },
  });
  return new Map(rows.map(({ id, ...row }) => [id, { datasetId: id, ...row }]));
}

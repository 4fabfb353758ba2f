import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';

/*
 * One process a DATA_DIR: PGlite has no lock of its own and two writers would ruin it. The lock names its holder by pid
 * and by that pid's start time, so that a lock left by kill -9 is known to be stale even after the number is used again.
 */

export class DataDirHeld extends Error {
  override name = 'DataDirHeld';
}

export interface Lock {
  release(): Promise<void>;
}

interface Holder {
  pid: number;
  /** The kernel's start time of that process; '' where the system does not tell. */
  started: string;
  since: string;
}

/** Takes the lock, or rejects with DataDirHeld, which says who holds it. */
export async function lockDataDir(dir: string): Promise<Lock> {
  await mkdir(dir, { recursive: true });
  const file = join(dir, 'lock');
  const mine = JSON.stringify({
    pid: process.pid,
    started: await startTime(process.pid),
    since: new Date().toISOString(),
  });
  for (let attempt = 0; attempt < 5; attempt++) {
    if (await tryCreate(file, mine)) return { release: () => release(file, mine) };
    await removeIfStale(file, dir);
  }
  throw new DataDirHeld(`${dir} is being taken by another Lodestar right now. Try again in a moment.`);
}

/** Linked into place, so that nobody ever reads a lock that is half written. */
async function tryCreate(file: string, text: string): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, text);
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft);
  }
}

async function removeIfStale(file: string, dir: string): Promise<void> {
  const text = await readOr(file, null);
  if (text === null) return;
  const holder = parse(text);
  if (holder && (await isRunning(holder)))
    throw new DataDirHeld(
      `${dir} is in use by another Lodestar (process ${holder.pid}, since ${holder.since}). Stop that one, or give this one its own DATA_DIR.`,
    );
  await setAside(file, text);
}

/** Renamed before it is removed, so that of two that find the same stale lock only one takes it away. */
async function setAside(file: string, stale: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const taken = await readFile(aside, 'utf8');
  if (taken === stale) await rm(aside);
  else await rename(aside, file);
}

async function release(file: string, mine: string): Promise<void> {
  if ((await readOr(file, null)) === mine) await rm(file, { force: true });
}

function parse(text: string): Holder | null {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    // Not written by us: nobody holds it.
    return null;
  }
}

async function isRunning(holder: Holder): Promise<boolean> {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return (await startTime(holder.pid)) === holder.started;
}

/** Field 22 of /proc/PID/stat; the name before it may hold spaces and brackets. '' without /proc. */
async function startTime(pid: number): Promise<string> {
  const stat = await readOr(`/proc/${pid}/stat`, '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

async function readOr<T>(file: string, otherwise: T): Promise<string | T> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return otherwise;
    throw error;
  }
}

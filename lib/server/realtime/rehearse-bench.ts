import { rm } from 'node:fs/promises';
import type { TextTable } from '#lib/job/parity.ts';
import type { Window } from '#lib/job/window.ts';
import { KernelFailure } from '#kernels/failure.ts';
import { toBuild } from '#lib/server/jobs/request.ts';
import type { Events, Work } from '#lib/server/jobs/work.ts';
import type { Workshop } from '#lib/server/warehouse/warehouse.ts';
import type { Past, World } from './rehearse.ts';

/*
 * The builds of a replay: the very requests that a session makes, one after the other in one workshop, whose rows are kept as text and
 * whose files go.
 */

/** Rows of one window or batch that are compared, and of all. */
const compared = { each: 50_000, all: 200_000 };
/** What is begun in time may end so much later, ms. */
const grace = 30_000;

/** The rows of the text for one window, over these of the events. */
export type Ask = (window: Window, bounds: Partial<Pick<Events, 'from' | 'below' | 'patience'>>) => Promise<Asked>;

interface Asked {
  rows: TextTable;
  /** Events from this number on were not answered. */
  below: number;
  failing: number;
}

/** What is begun in time may end a little later. */
export async function inWorkshop(
  world: World,
  past: Past,
  deadline: number,
  work: (ask: Ask) => Promise<void>,
): Promise<void> {
  const workshop = world.warehouse.workshop(past.person.userId);
  const signal = AbortSignal.timeout(Math.ceil(deadline - performance.now() + grace));
  try {
    await work((window, bounds) => rowsOf(world, workshop, past, window, { ...past.events, ...bounds }, signal));
  } finally {
    await workshop.close();
  }
}

async function rowsOf(
  world: World,
  workshop: Workshop,
  { projectId, person, spec }: Past,
  window: Window,
  events: Events,
  signal: AbortSignal,
): Promise<Asked> {
  const work: Work = {
    projectId,
    spec: { ...spec, checks: [] },
    window,
    person,
    turn: person.userId,
    about: { kind: 'job', job: spec.target },
    events,
    signal,
    log: () => undefined,
  };
  const { build, remove } = await toBuild(world, work);
  try {
    const built = await workshop.build({ ...build, preview: compared.each }, signal);
    if (!built.ok) throw new KernelFailure(built.error);
    const { file, sifted, preview } = built;
    for (const each of [file, sifted?.left?.file]) if (each) await rm(each.path, { force: true });
    return { rows: preview!, below: sifted?.below ?? events.below, failing: sifted?.left?.file.rows ?? 0 };
  } finally {
    await remove();
  }
}

/** Rows of many pieces, one after the other. */
export class Rows {
  table: TextTable = { columns: [], rows: [] };

  add({ columns, rows }: TextTable): void {
    this.table.columns = columns;
    for (const row of rows) this.table.rows.push(row);
  }

  get isFull(): boolean {
    return this.table.rows.length >= compared.all;
  }
}

import { dropTable, findMarked, isStage, killQuery, stagePrefix, tablesLike, type Table } from '#lib/job/lake.ts';
import { KernelFailure } from '#kernels/failure.ts';
import type { Cluster } from './cluster.ts';

/*
 * What an earlier attempt at a window may have left on the cluster: a query that still runs, though who asked for it is gone,
 * and its staging table. Both go before a new attempt begins: without its staging table a late one cannot publish.
 */
export interface Clearing {
  table: Table;
  datasetId: string;
  windowStart: Date;
  mark: string;
  /** Staging tables of attempts that are under way. Asked after the tables were listed: who stages has its lease by then. */
  live(): Promise<ReadonlySet<string>>;
  signal: AbortSignal;
  log(line: string): void;
}

const looks = { most: 100, pause: 200 };

export async function clearBefore(cluster: Cluster, asked: Clearing): Promise<void> {
  await stopMarked(cluster, asked);
  await dropStages(cluster, asked);
}

/** Stops what carries the mark, and waits until none of it runs; what will not end is met by the other two safeguards. */
async function stopMarked(cluster: Cluster, { mark, signal, log }: Clearing): Promise<void> {
  const killed = new Set<string>();
  for (let look = 0; look < looks.most; look += 1) {
    const { rows } = await cluster.ask(findMarked(mark), { signal });
    const running = rows.flatMap(([id]) => (id ? [id] : []));
    if (running.length === 0) return;
    for (const id of running.filter((each) => !killed.has(each))) {
      killed.add(id);
      log(`Stopped ${id}, which an earlier attempt had left running`);
      // It may have ended by itself in between.
      await cluster
        .ask(killQuery(id, 'replaced by a newer attempt'), { access: 'write', signal })
        .catch(() => undefined);
    }
    await new Promise((resolve) => setTimeout(resolve, looks.pause));
  }
}

/**
 * Takes away every staging table that no attempt under way has. Two attempts may be at it at once, so a table that is gone in
 * between is no failure; one of this very window that stays is, because who filled it could still publish.
 */
async function dropStages(cluster: Cluster, asked: Clearing): Promise<void> {
  const { table, datasetId, signal } = asked;
  for (const name of await leftStages(cluster, asked, stagePrefix(table, datasetId)))
    await cluster.ask(dropTable({ ...table, table: name }), { access: 'write', signal }).catch(() => undefined);
  const [left] = await leftStages(cluster, asked, stagePrefix(table, datasetId, asked.windowStart));
  if (left) throw new KernelFailure({ code: 'lost', message: `An earlier attempt’s ${left} could not be taken away.` });
}

async function leftStages(cluster: Cluster, asked: Clearing, prefix: string): Promise<string[]> {
  const { table, datasetId, live, signal } = asked;
  const { rows } = await cluster.ask(tablesLike(table, prefix), { signal });
  const kept = await live();
  return rows.flatMap(([name]) => (name && isStage(table, datasetId, name) && !kept.has(name) ? [name] : []));
}

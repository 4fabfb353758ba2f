import { dropTable, findMarked, killQuery, stagePrefix, tablesLike, type Table } from '#lib/job/lake.ts';
import type { Cluster } from './cluster.ts';

/*
 * What an earlier attempt at a window may have left on the cluster: a query that still runs, though who asked for it is gone,
 * and its staging table. Both go before a new attempt begins: without its staging table a late one cannot publish.
 */
export interface Clearing {
  table: Table;
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

async function dropStages(cluster: Cluster, { table, live, signal }: Clearing): Promise<void> {
  const { rows } = await cluster.ask(tablesLike(table, stagePrefix(table)), { signal });
  const kept = await live();
  for (const [name] of rows)
    if (name && !kept.has(name)) await cluster.ask(dropTable({ ...table, table: name }), { access: 'write', signal });
}

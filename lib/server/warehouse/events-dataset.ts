import type { Column } from '#kernels/kernel.ts';
import { newId } from '#lib/notebook/id.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';

/** The dataset in which a project finds its own use of the workbench. */
export const eventsName = 'workbench_events';

/** What can be asked of it, also while nothing has happened yet. */
export const eventColumns: Column[] = [
  { name: 'noted_at', type: 'TIMESTAMP' },
  { name: 'kind', type: 'VARCHAR' },
  { name: 'user_id', type: 'VARCHAR' },
  { name: 'user_name', type: 'VARCHAR' },
  { name: 'notebook_id', type: 'VARCHAR' },
  { name: 'cell_id', type: 'VARCHAR' },
  { name: 'chart_type', type: 'VARCHAR' },
  { name: 'grouped', type: 'BOOLEAN' },
  { name: 'sorted', type: 'BOOLEAN' },
  { name: 'titled', type: 'BOOLEAN' },
  { name: 'cell_type', type: 'VARCHAR' },
  { name: 'engine', type: 'VARCHAR' },
  { name: 'state', type: 'VARCHAR' },
  { name: 'took_ms', type: 'DOUBLE' },
  { name: 'rows', type: 'BIGINT' },
  { name: 'complete', type: 'BOOLEAN' },
  { name: 'sql_hash', type: 'VARCHAR' },
];

/** The project's row for the dataset; made when it is not there. */
export async function createEventsDataset({ db }: Pick<Lodestar, 'db'>, projectId: string): Promise<{ id: string }> {
  const description =
    'What people do in this project: charts shown and edited, cells run, notebooks opened. Kept by Lodestar.';
  const given = { name: eventsName, kind: 'events', description, columns: eventColumns as unknown as object[] };
  return db.dataset.upsert({
    where: { projectId_name: { projectId, name: eventsName } },
    create: { id: newId(), projectId, ...given },
    update: {},
    select: { id: true },
  });
}

import { Table, Utf8, tableToIPC, vectorFromArray } from 'apache-arrow';
import type { Column, Relation } from '#kernels/kernel.ts';
import { newId } from '#lib/notebook/id.ts';
import { NewNotebook, addNotebook } from '#lib/server/data/notebook.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { standing } from '#lib/server/warehouse/standing.ts';
import type { BuiltFile } from '#lib/server/warehouse/warehouse.ts';
import { sampleNotebook } from './notebook.ts';
import { makeShop, type ShopTable } from './shop.ts';
import { vegaTables, type FileTable } from './vega.ts';

/*
 * What a new project can learn from: the shop up to yesterday, four real tables, and a notebook that asks them. Files are
 * named by their content, so a second project with the samples of the same day shares them.
 */

interface Made {
  name: string;
  description: string;
  file: BuiltFile;
  columns: Column[];
}

/** Fills a project that was just made; its notebook comes last, when all it reads is there. Gives the notebook's id. */
export async function fillProject(projectId: string, by: { userId: string }): Promise<{ notebookId: string }> {
  const lastDay = new Date(getLodestar().now().getTime() - 86_400_000).toISOString().slice(0, 10);
  const made = await Promise.all([...makeShop(lastDay).map(makeShopFile), ...vegaTables.map(makeVegaFile)]);
  for (const table of made) await publish(projectId, table);
  const { id } = await addNotebook(projectId, by.userId, NewNotebook.parse(sampleNotebook(lastDay)));
  return { notebookId: id };
}

/** The same where a project must not fail for its samples: what went wrong is logged, and the project begins without them. */
export async function fillIfPossible(projectId: string, by: { userId: string }): Promise<void> {
  try {
    await fillProject(projectId, by);
  } catch (error) {
    getLodestar().log.error({ err: error, projectId }, 'the samples could not be made');
  }
}

async function publish(projectId: string, { name, description, file, columns }: Made): Promise<void> {
  const warehouse = standing();
  const settled = await warehouse.settle(file);
  const { db, now } = getLodestar();
  await db.$transaction(async (tx) => {
    const { id } = await tx.dataset.upsert({
      where: { projectId_name: { projectId, name } },
      create: { id: newId(), projectId, name, kind: 'sample', description, createdAt: now() },
      update: {},
    });
    const place = { key: 'all', windowStart: null, windowEnd: null, runId: null };
    await warehouse.publish(tx, { datasetId: id, file: settled, columns, ...place });
  });
}

async function makeVegaFile({ name, description, format, text }: FileTable): Promise<Made> {
  const body = new Blob([await text()]).stream();
  const signal = new AbortController().signal;
  const { file, columns } = await standing().receive({ format, body, length: null, signal, person: 'samples' });
  return { name, description, file, columns };
}

/** The rows go in as text, and the query gives each column its type. */
async function makeShopFile({ name, description, columns, rows }: ShopTable): Promise<Made> {
  const selected = columns.map(([column, type]) => `CAST("${column}" AS ${type}) AS "${column}"`).join(', ');
  const steps = [{ name: 'typed', engine: 'warehouse' as const, sql: `SELECT ${selected} FROM lines` }];
  const request = {
    steps,
    parameters: {},
    relations: { lines: toRelation(columns, rows) },
    checks: [],
    stamp: {},
    log: () => undefined,
  };
  const built = await standing().build(request, new AbortController().signal);
  if (!built.ok) throw new Error(`The sample ${name} could not be made: ${built.error.message}`);
  return { name, description, file: built.file, columns: built.columns };
}

function toRelation(columns: ShopTable['columns'], rows: ShopTable['rows']): Relation {
  const vectors = columns.map(
    ([name], at) =>
      [
        name,
        vectorFromArray(
          rows.map((row) => String(row[at])),
          new Utf8(),
        ),
      ] as const,
  );
  const ipc = tableToIPC(new Table(Object.fromEntries(vectors)), 'stream');
  return { kind: 'arrow', hash: '', complete: true, ipc: () => Promise.resolve(ipc) };
}

import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { getLodestar } from '#lib/server/lodestar.ts';
import type { Actor } from '#lib/server/access.ts';
import { demandDataset } from './dataset.ts';
import { KernelFailure } from '#kernels/failure.ts';
import { toProblem } from './failure.ts';
import { bringPlaced } from './placed.ts';

/** A dataset's rows as one Parquet file, made for the asker and gone when it was read. */
export async function readParquet(
  actor: Actor,
  id: string,
  limit: number | undefined,
  signal: AbortSignal,
): Promise<{ name: string; bytes: AsyncGenerator<Uint8Array> }> {
  const { name, projectId } = await demandDataset(actor, id, 'read');
  const { warehouse } = getLodestar();
  const sql = `SELECT * FROM "${name}"${limit ? ` LIMIT ${limit}` : ''}`;
  const steps = [{ name: 'rows', engine: 'warehouse' as const, sql }];
  const placed = await bringPlaced(actor, projectId, [name], signal).catch(problem);
  try {
    const relations = { ...(await warehouse.relations(projectId, [name])), ...placed.relations };
    const built = await warehouse.build(
      { steps, parameters: {}, relations, checks: [], stamp: {}, log: () => undefined, person: actor.userId },
      signal,
    );
    if (!built.ok) throw toProblem(built.error);
    return { name, bytes: readAndRemove(built.file.path) };
  } finally {
    await placed.remove();
  }
}

function problem(error: unknown): never {
  throw error instanceof KernelFailure ? toProblem(error.error) : error;
}

async function* readAndRemove(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path)) yield chunk as Uint8Array;
  } finally {
    await rm(path, { force: true });
  }
}

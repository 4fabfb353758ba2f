import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Stream } from '#prisma/client/client.ts';
import { newId } from '#lib/notebook/id.ts';
import { SourceChange } from '#lib/stream/source.ts';
import { StreamColumn, StreamSettings, StreamSpec, mostColumns } from '#lib/stream/spec.ts';
import { demand, type Actor } from '#lib/server/access.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { badRequest, conflict } from '#lib/server/problem.ts';
import { cut, firstSlice, window, type Slice, type Sliced } from './slice.ts';
import { demandRoom, taken } from './stream-room.ts';
import { demandStream } from './stream-row.ts';
import { changedSource, demandMaker, sourceOf } from './stream-source.ts';
import { toView, type StreamView } from './stream-view.ts';

/** Streams are made, listed, changed and deleted, by whom it is right. */

/** What may be changed; what is not named stays. */
const { description, retention, deduplication, idle, ahead } = StreamSettings.shape;
export const StreamChange = z.strictObject({
  description: description.unwrap().optional(),
  retention: retention.unwrap().optional(),
  deduplication: deduplication.unwrap().optional(),
  idle: idle.unwrap().optional(),
  ahead: ahead.unwrap().optional(),
  /** Columns that hold whole numbers and shall hold all from now on. */
  columns: z
    .array(z.strictObject({ name: StreamColumn.shape.name, type: z.literal('DOUBLE') }))
    .max(mostColumns)
    .optional(),
  /** How the source is reached; needs the owner's right, as its password does. */
  source: SourceChange.optional(),
  secret: StreamSpec.shape.secret,
});
export type StreamChange = z.infer<typeof StreamChange>;

export async function createStream(actor: Actor, projectId: string, spec: StreamSpec): Promise<StreamView> {
  await demandMaker(actor, projectId, spec.source);
  const { name, eventTime, key } = spec;
  const { db, now, sources } = getLodestar();
  await demandRoom(db, projectId, spec);
  const id = newId();
  const settings = StreamSettings.parse(spec);
  const given = { id, projectId, name, eventTime, key, settings, ...(await sourceOf(actor, projectId, id, spec)) };
  try {
    await db.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT id FROM "Project" WHERE id = ${projectId} FOR UPDATE`;
      await demandRoom(tx, projectId, spec);
      await tx.stream.create({ data: { ...given, createdBy: actor.userId, createdAt: now(), updatedAt: now() } });
    });
  } catch (error) {
    if ((error as { code?: string }).code === 'P2002') throw taken(name, 'a stream');
    throw error;
  }
  if (spec.source) await sources.renew(id);
  return readStream(actor, id);
}

export async function listStreams(
  actor: Actor,
  projectId: string,
  slice: Slice = firstSlice,
): Promise<Sliced<StreamView>> {
  await demand(actor, projectId, 'read');
  const rows = await getLodestar().db.stream.findMany({
    where: { projectId },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    ...window(slice),
  });
  const { items, next } = cut(rows, slice, toView);
  return { items: await Promise.all(items), next };
}

export async function readStream(actor: Actor, id: string): Promise<StreamView> {
  return toView(await demandStream(actor, id, 'read'));
}

export async function changeStream(actor: Actor, id: string, change: StreamChange): Promise<StreamView> {
  const row = await demandStream(actor, id, 'edit');
  const { db, now, streams, sources } = getLodestar();
  const { source, secret, columns, ...kept } = change;
  const before = StreamSettings.parse(row.settings);
  const { retention = before.retention } = kept;
  if (!isDeepStrictEqual(retention, before.retention)) await demandMaker(actor, row.projectId, row.source);
  if (columns) await widen(row, columns);
  const isSource = source !== undefined || secret !== undefined;
  const reach = isSource ? await changedSource(actor, row, source ?? {}, secret) : {};
  await db.$transaction([
    // What was not asked for stays as it is by now: others may be changing it.
    db.$executeRaw`UPDATE "Stream" SET settings = settings || ${JSON.stringify(kept)}::jsonb WHERE id = ${id}`,
    db.stream.update({ where: { id }, data: { ...reach, updatedAt: now() } }),
  ]);
  await streams.configure(id);
  if (isSource) await sources.renew(id);
  return readStream(actor, id);
}

/** Only where what is stored already reads as the new type, whether it is in Parquet or still a log. */
async function widen({ id, key }: Stream, columns: readonly { name: string }[]): Promise<void> {
  const { streams } = getLodestar();
  const known = (await streams.live(id)).columns;
  for (const { name } of columns) {
    const type = known.find((each) => each.name === name)?.type;
    if (key.includes(name))
      throw badRequest(`${name} is part of the key, by which events are known: it stays as it is.`);
    if (type !== 'BIGINT' && type !== 'DOUBLE')
      throw badRequest(`Only a BIGINT can become a DOUBLE, and ${name} is ${type ?? 'no column'}.`);
  }
  await streams.widen(
    id,
    columns.map(({ name }) => name),
  );
}

/** A job keeps its place in its stream. */
async function demandUnread(streamId: string): Promise<void> {
  const live = await getLodestar().db.liveJob.findMany({ where: { streamId }, include: { job: true } });
  if (live.length === 0) return;
  const names = live.map(({ job }) => job.name).join(' and ');
  throw conflict(
    'stream-in-use',
    `${names} ${live.length === 1 ? 'answers' : 'answer'} for the events of this stream, so it stays. Its events can be let go by a retention.`,
  );
}

/** Takes the stream away with all its events; its files go when no query can be reading them any more. */
export async function deleteStream(actor: Actor, id: string): Promise<void> {
  const { projectId, source } = await demandStream(actor, id, 'edit');
  await demandMaker(actor, projectId, source);
  await demandUnread(id);
  const { db, streams, sources } = getLodestar();
  await db.stream.delete({ where: { id } });
  await sources.renew(id);
  await streams.drop(id);
}

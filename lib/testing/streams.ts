import { hash } from 'node:crypto';
import { newId } from '#lib/notebook/id.ts';
import { writeExact } from '#lib/stream/json.ts';
import { StreamSpec } from '#lib/stream/spec.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import type { Batch } from '#lib/server/streams/judge.ts';

/** A stream's row in a project, with `time` as event time and `id` as key unless told. */
export async function makeStreamRow(projectId: string, given: Record<string, unknown> = {}): Promise<string> {
  const { name, eventTime, key, columns, ...settings } = StreamSpec.parse({
    name: `stream_${newId()}`,
    eventTime: 'time',
    key: 'id',
    ...given,
  });
  const row = { id: newId(), projectId, name, eventTime, key, columns: columns ?? [], settings, createdBy: 'test' };
  return (await getLodestar().db.stream.create({ data: row })).id;
}

/** Events as a request brings them. */
export function batchOf(events: unknown[], key: string | null = null): Batch {
  const body = writeExact(events);
  const items = events.map((event) => ({ event, raw: writeExact(event) }));
  return { items, key, body: key === null ? '' : hash('sha256', body) };
}

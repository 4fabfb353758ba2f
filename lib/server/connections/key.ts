import { createHash } from 'node:crypto';
import type { Code, Inputs, Relation, RunOptions } from '#kernels/kernel.ts';
import type { TrinoTarget } from '#kernels/server.ts';

/*
 * SECURITY 19. What makes two runs one: who asks, on which connection as it is now, in which catalog, schema and session, the
 * text with its values, what it reads along, and where it is cut. Two people never share a key, not even with equal rights.
 */

export interface Asker {
  /** The person here, and whom they run as there. */
  userId: string;
  target: Pick<TrinoTarget, 'user' | 'catalog' | 'schema' | 'session' | 'authorization'>;
  connection: { id: string; version: number };
}

/** 64 hexadecimal digits. */
export async function resultKey(asker: Asker, code: Code, inputs: Inputs, options: RunOptions): Promise<string> {
  const { userId, target, connection } = asker;
  const { user, catalog, schema, session, authorization } = target;
  const relations = await Promise.all(sorted(inputs.relations).map(([name, each]) => relationKey(name, each, options)));
  const whole = [
    ['person', userId, user, hash(authorization ?? '')],
    ['place', connection.id, connection.version, catalog, schema, sorted(session)],
    ['text', code.source, sorted(inputs.parameters)],
    ['relations', relations],
    ['limit', options.limit ?? null],
  ];
  return hash(JSON.stringify(whole));
}

async function relationKey(name: string, relation: Relation, { signal }: RunOptions): Promise<unknown[]> {
  if (relation.kind === 'query') return [name, 'query', relation.sql];
  if (relation.kind === 'arrow') return [name, 'arrow', hash(await relation.ipc(signal))];
  return [name, relation.kind, relation.hash, relation.files];
}

function sorted<T>(record: Record<string, T>): [string, T][] {
  return Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1));
}

function hash(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

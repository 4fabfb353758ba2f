import { describe, expect, test } from 'vitest';
import { bearerHeaders, makeActor, makeMember } from '#lib/testing/people.ts';
import { send } from '#lib/testing/requests.ts';
import { listCatalogs } from './connection-catalogue.ts';
import { deleteCredential, putCredential } from './connection-credential.ts';
import { listConnections, readConnection, replaceConnection } from './connection.ts';

import {
  password,
  never,
  lodestar,
  cluster,
  eve,
  owner,
  reader,
  projectId,
  logged,
  settings,
  input,
  kept,
  person,
  own,
  make,
  useConnections,
} from '#lib/testing/connection-world.ts';

/* As whom a connection signs in: an account of a person's own, and whom a query runs as. */
useConnections();

describe('an account of one’s own', () => {
  test('is tried before it is kept, is the person’s alone, and is forgotten when they say so', async () => {
    const { id } = await make({ ...person(), own });
    expect((await readConnection(owner, id)).user).toBe('ada');
    expect(await listConnections(reader, projectId)).toMatchObject([{ ready: false }]);
    const look = () => listCatalogs(reader, id, { fresh: true, signal: never });
    await expect(look()).rejects.toMatchObject({ status: 422, code: 'account-needed' });
    const wrong = { account: 'bob', secret: 'wrong' };
    await expect(putCredential(reader, id, wrong, never)).rejects.toMatchObject({ status: 422, code: 'not-tested' });
    expect(await putCredential(reader, id, { account: 'bob', secret: password }, never)).toMatchObject({
      account: 'bob',
    });
    await look();
    expect(cluster.heard.at(-1)!.headers['x-trino-user']).toBe('bob');
    await deleteCredential(reader, id);
    await expect(look()).rejects.toMatchObject({ code: 'account-needed' });
    expect((await readConnection(owner, id)).user).toBe('ada');
  });

  test('does not follow the connection to another address', async () => {
    const { id } = await make({ ...person(), own });
    await putCredential(reader, id, { account: 'bob', secret: password }, never);
    const away = { ...person({ url: eve.url }), own: { account: 'eve', secret: 'what eve wants to know' } };
    await replaceConnection(owner, id, away, never);
    eve.heard.length = 0;
    const look = listCatalogs(reader, id, { fresh: true, signal: never });
    await expect(look).rejects.toMatchObject({ code: 'account-needed' });
    expect(eve.heard).toEqual([]);
  });

  test('of somebody else is nobody’s, also when its row is copied', async () => {
    const { id } = await make({ ...person(), own });
    const row = await lodestar.db.credential.findFirstOrThrow({ where: { connectionId: id } });
    await lodestar.db.credential.create({ data: { ...row, userId: reader.userId } });
    const look = listCatalogs(reader, id, { fresh: true, signal: never });
    await expect(look).rejects.toMatchObject({ status: 422, code: 'secret-needed' });
  });

  test('has no place where the connection signs in for all', async () => {
    const { id } = await make();
    await expect(putCredential(reader, id, own, never)).rejects.toMatchObject({ code: 'no-account-needed' });
  });
});

describe('whom a query runs as', () => {
  /** Beside them, the end of a transaction of an earlier test may still come in. */
  const heardUsers = () => {
    const ofNotebooks = cluster.heard.filter(({ headers }) =>
      String(headers['x-trino-client-tags']).endsWith('notebook'),
    );
    return new Set(ofNotebooks.map(({ headers }) => headers['x-trino-user']));
  };

  test('is who is signed in, whatever the request says', async () => {
    const { id } = await make();
    cluster.heard.length = 0;
    const forged = { 'x-trino-user': 'root', 'x-trino-original-user': 'root', 'x-trino-role': 'system=ALL' };
    const headers = { ...(await bearerHeaders(reader)), ...forged };
    const sql = 'SELECT 1';
    const body = { sql, engine: 'trino', connection: id, user: 'root', notebook: 'n1', cell: 'c1' };
    expect((await send(`/api/projects/${projectId}/query`, { method: 'POST', headers, body })).status).toBe(200);
    expect(heardUsers()).toEqual(new Set([reader.email]));
    const statement = cluster.heard.find((one) => one.body === sql)!;
    expect(statement.headers['x-trino-role']).toBeUndefined();
    expect(statement.headers['x-trino-source']).toBe('lodestar');
    expect(statement.headers['x-trino-client-tags']).toBe(`lodestar,project:${projectId},notebook`);
    expect(JSON.parse(statement.headers['x-trino-client-info'] as string)).toEqual({
      person: { id: reader.userId, name: reader.name },
      project: projectId,
      kind: 'notebook',
      notebook: 'n1',
      cell: 'c1',
    });
    expect(statement.headers['x-trino-trace-token']).toMatch(/^lodestar-\w{16}$/);
    expect(logged).toContain(statement.headers['x-trino-trace-token'] as string);
  });

  test('is no user whom two people would share', async () => {
    const identity = { kind: 'service', account: 'svc', becomes: 'local-part', exceptions: {} } as const;
    const [one, other] = [
      await makeActor({ email: `ana${projectId}@a.example` }),
      await makeActor({ email: `ana${projectId}@b.example` }),
    ];
    const { id } = await make(input({ settings: settings({ identity }) }));
    await makeMember(projectId, one, 'reader');
    const look = () => listCatalogs(one, id, { fresh: true, signal: never });
    await look();
    await makeMember(projectId, other, 'reader');
    await expect(look()).rejects.toMatchObject({ status: 422, code: 'shared-user' });
    const exceptions = { [one.email]: 'ana_a' };
    await replaceConnection(owner, id, kept({ settings: settings({ identity: { ...identity, exceptions } }) }), never);
    await look();
    expect(cluster.heard.at(-1)!.headers['x-trino-user']).toBe('ana_a');
  });
});

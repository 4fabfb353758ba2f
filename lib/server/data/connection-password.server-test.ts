import { describe, expect, test } from 'vitest';
import type { ConnectionInput } from '#lib/connection/settings.ts';
import type { ConnectionView } from '#lib/connection/view.ts';
import { newId } from '#lib/notebook/id.ts';
import { makeCertificate } from '#lib/testing/certificate.ts';
import { bearerHeaders } from '#lib/testing/people.ts';
import { send } from '#lib/testing/requests.ts';
import { unseal } from '#lib/server/secret.ts';
import { listCatalogs } from './connection-catalogue.ts';
import { testChange } from './connection-test.ts';
import { readConnection, replaceConnection } from './connection.ts';

import {
  password,
  certificate,
  never,
  lodestar,
  cluster,
  eve,
  owner,
  projectId,
  logged,
  settings,
  input,
  kept,
  own,
  person,
  make,
  stepsOf,
  useConnections,
} from '#lib/testing/connection-world.ts';

/* What a connection signs in with: where it is sent, how it is kept, and that nobody is shown it. */
useConnections();

describe('a kept password', () => {
  test('serves a change of names and limits without a test', async () => {
    const { id } = await make();
    const before = cluster.heard.length;
    const limits = { ...settings().limits, rows: 7 };
    const changed = await replaceConnection(owner, id, kept({ name: 'pond', settings: settings({ limits }) }), never);
    expect(changed).toMatchObject({ name: 'pond', hasSecret: true, version: 2, settings: { limits: { rows: 7 } } });
    expect(cluster.heard.length).toBe(before);
  });

  test('serves a test and a change of what it is not sent to', async () => {
    const { id } = await make();
    const session = { query_max_run_time: '5m' };
    const changed = await replaceConnection(owner, id, kept({ settings: settings({ session }) }), never);
    expect(changed).toMatchObject({ hasSecret: true, version: 2, settings: { session } });
    expect((await stepsOf(testChange(owner, id, kept(), never)))['sign-in']).toBe('good: as svc');
  });

  test.each<[string, () => Partial<ConnectionInput>]>([
    ['another address', () => ({ url: eve.url })],
    [
      'another authority',
      () => ({ settings: settings({ authority: `${certificate.cert}${makeCertificate().cert}` }) }),
    ],
    [
      'another account',
      () => ({
        settings: settings({ identity: { kind: 'service', account: 'root', becomes: 'email', exceptions: {} } }),
      }),
    ],
  ])('does not go to %s: not to try it, not to keep it', async (_, more) => {
    const { id } = await make();
    await expect(replaceConnection(owner, id, kept(more()), never)).rejects.toMatchObject({ code: 'secret-needed' });
    await expect(testChange(owner, id, kept(more()), never)).rejects.toMatchObject({ code: 'secret-needed' });
    expect(eve.heard).toEqual([]);
    expect((await readConnection(owner, id)).version).toBe(1);
  });

  test('does not go elsewhere either when the row itself was changed', async () => {
    const { id } = await make();
    await lodestar.db.connection.update({ where: { id }, data: { url: eve.url } });
    const reading = { fresh: true, signal: never };
    await expect(listCatalogs(owner, id, reading)).rejects.toMatchObject({ status: 422, code: 'secret-needed' });
    expect(eve.heard).toEqual([]);
  });

  test('is gone when the connection no longer signs in with one', async () => {
    const { id } = await make();
    const changed = await replaceConnection(owner, id, { ...person(), own }, never);
    expect(changed.hasSecret).toBe(false);
    expect((await lodestar.db.connection.findUniqueOrThrow({ where: { id } })).secret).toBeNull();
  });

  test('is sealed at rest, and opens only for its own address', async () => {
    const { id, url } = await make();
    const { secret } = await lodestar.db.connection.findUniqueOrThrow({ where: { id } });
    expect(secret).not.toContain(password);
    const use = JSON.stringify([url, certificate.cert.trim(), 'service', 'svc']);
    expect(unseal(lodestar.secrets, { purpose: 'connection', id, use }, secret!)).toBe(password);
    expect(() => unseal(lodestar.secrets, { purpose: 'connection', id: newId(), use }, secret!)).toThrow();
  });
});

test('no answer and no line of the log holds a password, an authorization or what is sealed', async () => {
  const answers: string[] = [];
  const headers = await bearerHeaders(owner);
  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await send(path, { method, headers, ...(body === undefined ? {} : { body }) });
    answers.push(await response.text());
    return answers.at(-1)!;
  };
  const all = `/api/projects/${projectId}/connections`;
  await ask('POST', `${all}/test`, input());
  await ask('POST', `${all}/test`, input({ secret: `${password}!` }));
  const { id } = JSON.parse(await ask('POST', all, input())) as ConnectionView;
  const one = `/api/connections/${id}`;
  await ask('POST', all, { ...person({ name: 'vault' }), own });
  await ask('GET', all);
  await ask('GET', one);
  await ask('PUT', one, input({ settings: settings({ session: { a: '1' } }) }));
  await ask('PUT', one, { ...input(), secret: 4711, url: password });
  await ask('PUT', `${one}/credential`, own);
  await ask('POST', `${one}/test`, kept());
  await ask('GET', `${one}/search?q=purchase`);
  await ask('POST', `/api/projects/${projectId}/query`, {
    sql: 'SELECT nonsense FROM',
    engine: 'trino',
    connection: id,
  });
  const rows = await lodestar.db.connection.findMany();
  const secrets = [
    password,
    Buffer.from(`svc:${password}`).toString('base64'),
    Buffer.from(`ada:${password}`).toString('base64'),
    ...rows.flatMap(({ secret }) => secret ?? []),
  ];
  const whole = answers.join('\n') + logged;
  expect(answers.length).toBe(12);
  expect(logged.length).toBeGreaterThan(0);
  for (const secret of secrets) expect(whole.includes(secret)).toBe(false);
});

import { describe, expect, test } from 'vitest';
import type { ConnectionInput } from '#lib/connection/settings.ts';
import type { Tested } from '#lib/connection/view.ts';
import { newId } from '#lib/notebook/id.ts';
import { makeCertificate } from '#lib/testing/certificate.ts';
import { startLittleTrino } from '#lib/testing/little-trino.ts';
import { bearerHeaders, makeProject } from '#lib/testing/people.ts';
import { read, send } from '#lib/testing/requests.ts';
import { listCatalogs } from './connection-catalogue.ts';
import { validateQuery } from './connection-check.ts';
import { deleteCredential, putCredential } from './connection-credential.ts';
import { testChange, testConnection } from './connection-test.ts';
import {
  createConnection,
  deleteConnection,
  listConnections,
  readConnection,
  replaceConnection,
} from './connection.ts';
import { runQuery } from './query.ts';

import {
  password,
  never,
  lodestar,
  plain,
  owner,
  reader,
  stranger,
  projectId,
  settings,
  input,
  kept,
  own,
  make,
  stepsOf,
  useConnections,
} from '#lib/testing/connection-world.ts';

/* Connections as people make them: who may, what is tried before it is kept, how they go. */
useConnections();

describe('who may', () => {
  test('an owner makes, changes and deletes; a reader sees and uses; a stranger sees nothing', async () => {
    const { id } = await make();
    const manage = [
      () => createConnection(reader, projectId, input({ name: 'other' }), never),
      () => replaceConnection(reader, id, kept(), never),
      () => deleteConnection(reader, id),
      () => testConnection(reader, projectId, input(), never),
      () => testChange(reader, id, kept(), never),
    ];
    for (const act of manage) await expect(act()).rejects.toMatchObject({ status: 403 });
    expect(await listConnections(reader, projectId)).toMatchObject([{ id, name: 'lake', ready: true }]);
    expect((await listCatalogs(reader, id, { fresh: false, signal: never })).items).toEqual(['lake']);
    const use = [
      () => listConnections(stranger, projectId),
      () => readConnection(stranger, id),
      () => replaceConnection(stranger, id, kept(), never),
      () => deleteConnection(stranger, id),
      () => testConnection(stranger, projectId, input(), never),
      () => listCatalogs(stranger, id, { fresh: false, signal: never }),
      () => validateQuery(stranger, id, { sql: 'SELECT 1', parameters: {}, queries: {} }, never),
      () => putCredential(stranger, id, own, never),
      () => deleteCredential(stranger, id),
    ];
    for (const act of use) await expect(act()).rejects.toMatchObject({ status: 404 });
  });

  test('a connection of another project is none', async () => {
    const { id } = await make();
    const other = await makeProject(owner);
    const query = {
      sql: 'SELECT 1',
      engine: 'trino',
      connection: id,
      parameters: {},
      queries: {},
      fresh: false,
    } as const;
    await expect(runQuery(owner, other.id, query, never)).rejects.toMatchObject({ status: 404 });
  });

  test('whom others become is for owners', async () => {
    const exceptions = { 'boss@shop.example': 'root' };
    const identity = { kind: 'service', account: 'svc', becomes: 'email', exceptions } as const;
    const { id, settings: shown } = await make(input({ settings: settings({ identity }) }));
    expect(shown.identity).toMatchObject({ exceptions });
    const seen = await readConnection(reader, id);
    expect(seen.settings.identity).toMatchObject({ exceptions: {} });
    expect(seen.tested).toBeNull();
    expect(seen.user).toBe(reader.email);
  });
});

describe('nothing is kept before it was tried', () => {
  test('what was found is kept with it', async () => {
    const made = await make();
    expect(made.tested!.good).toBe(true);
    const states = Object.fromEntries(made.tested!.steps.map(({ step, state }) => [step, state]));
    expect(states).toEqual({
      address: 'good',
      tls: 'good',
      'sign-in': 'good',
      version: 'good',
      query: 'good',
      people: 'good',
      catalogs: 'good',
      write: 'skipped',
      segments: 'skipped',
      stop: 'good',
    });
  });

  test.each<[string, string, () => Partial<ConnectionInput>]>([
    ['a wrong password', 'sign-in', () => ({ secret: 'wrong' })],
    ['no password', 'sign-in', () => ({ secret: null })],
    ['an authority that did not sign', 'tls', () => ({ settings: settings({ authority: makeCertificate().cert }) })],
    ['no authority', 'tls', () => ({ settings: settings({ authority: '' }) })],
    ['an authority that is none', 'tls', () => ({ settings: settings({ authority: 'hello' }) })],
    ['a password in the open', 'tls', () => ({ url: plain.url })],
    ['a port nobody listens on', 'tls', () => ({ url: 'https://127.0.0.1:1' })],
    ['another private address', 'address', () => ({ url: 'https://10.1.2.3:8443' })],
    ['the address of a cloud’s metadata', 'address', () => ({ url: 'https://169.254.169.254' })],
    ['an address in another notation', 'address', () => ({ url: 'https://0x0a010203' })],
    ['a name that leads nowhere', 'address', () => ({ url: 'https://no-such-host.invalid' })],
    ['a catalog that is not there', 'catalogs', () => ({ settings: settings({ catalog: 'nowhere' }) })],
    ['a schema that is not there', 'catalogs', () => ({ settings: settings({ schema: 'nowhere' }) })],
    ['a place to write that cannot be', 'write', () => ({ settings: settings({ writes: 'lake.shop' }) })],
  ])('%s fails at %s', async (_, step, more) => {
    const refused = await make(input(more())).catch((error: unknown) => error);
    expect(refused).toMatchObject({ status: 422, code: 'not-tested' });
    const { steps } = (refused as { extra: { tested: Tested } }).extra.tested;
    expect(steps.find(({ state }) => state === 'failed')!.step).toBe(step);
    expect(await listConnections(owner, projectId)).toEqual([]);
    expect(plain.heard.filter(({ headers }) => headers.authorization)).toEqual([]);
  });

  test('a certificate that has expired, or is for another name, is not taken', async () => {
    const expired = makeCertificate({ from: new Date('2020-01-01'), until: new Date('2020-02-01') });
    const foreign = makeCertificate({ names: ['elsewhere.example'] });
    for (const wrong of [expired, foreign]) {
      const other = await startLittleTrino({ certificate: wrong, password });
      const given = input({ url: other.url, settings: settings({ authority: wrong.cert }) });
      const steps = await stepsOf(testConnection(owner, projectId, given, never));
      await other.close();
      expect(steps['tls']).toMatch(/^failed: The certificate/);
      expect(other.heard).toEqual([]);
    }
  });

  test('two names cannot be one, and an address hides nothing', async () => {
    await make();
    await expect(make()).rejects.toMatchObject({ status: 409, code: 'name-taken' });
    const headers = await bearerHeaders(owner);
    for (const url of [
      'https://ada:pw@127.0.0.1',
      'https://127.0.0.1/v1',
      'https://127.0.0.1?x=1',
      'file:///etc/passwd',
    ]) {
      const answer = await read(
        send(`/api/projects/${projectId}/connections`, { method: 'POST', headers, body: { ...input(), url } }),
      );
      expect([url, answer.status]).toEqual([url, 400]);
    }
  });
});

describe('deleting', () => {
  test('is refused while a job or a dataset needs it', async () => {
    const { id } = await make();
    const place = { connection: id, catalog: 'lake', schema: 'shop', table: 'daily' };
    const { id: datasetId } = await lodestar.db.dataset.create({
      data: { id: newId(), projectId, name: 'daily', kind: 'job', place },
    });
    await expect(deleteConnection(owner, id)).rejects.toMatchObject({ status: 409, code: 'in-use' });
    await lodestar.db.dataset.delete({ where: { id: datasetId } });
    await deleteConnection(owner, id);
    expect(await listConnections(owner, projectId)).toEqual([]);
  });
});

import { Writable } from 'node:stream';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ConnectionInput } from '#lib/connection/settings.ts';
import type { ConnectionView, Tested, TestStep } from '#lib/connection/view.ts';
import { newId } from '#lib/notebook/id.ts';
import type { Actor } from '#lib/server/access.ts';
import { makeCertificate } from '#lib/testing/certificate.ts';
import type { Coordinator } from '#lib/testing/coordinator.ts';
import { startLittleTrino } from '#lib/testing/little-trino.ts';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { bearerHeaders, makeActor, makeMember, makeProject } from '#lib/testing/people.ts';
import { read, send } from '#lib/testing/requests.ts';
import { unseal } from '#lib/server/secret.ts';
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

/* Connections as people make them, against clusters of a test's own: rights, secrets, and owners who mean no good. */

const password = 'open sesame 4711';
const certificate = makeCertificate();
const never = new AbortController().signal;

let lodestar: TestLodestar;
let cluster: Coordinator;
let eve: Coordinator;
let plain: Coordinator;
let owner: Actor;
let reader: Actor;
let stranger: Actor;
let projectId: string;
let logged = '';

beforeAll(async () => {
  cluster = await startLittleTrino({ certificate, password });
  eve = await startLittleTrino({ certificate, password: 'what eve wants to know' });
  plain = await startLittleTrino();
  lodestar = await startLodestar({ config: { ALLOW_PRIVATE_ADDRESSES: '127.0.0.1' } });
  const lines = new Writable({ write: (chunk, _, done) => ((logged += String(chunk)), done()) });
  lodestar.log = pino({ level: 'trace' }, lines);
});
afterAll(async () => {
  await lodestar.close();
  await Promise.all([cluster, eve, plain].map((each) => each.close()));
});

beforeEach(async () => {
  [owner, reader, stranger] = await Promise.all([makeActor(), makeActor(), makeActor()]);
  projectId = (await makeProject(owner)).id;
  await makeMember(projectId, reader, 'reader');
  for (const each of [cluster, eve, plain]) each.heard.length = 0;
});

const settings = (more: object = {}): ConnectionInput['settings'] => ({
  catalog: 'lake',
  schema: 'shop',
  session: {},
  authority: certificate.cert,
  identity: { kind: 'service', account: 'svc', becomes: 'email', exceptions: {} },
  limits: {
    rows: 100,
    resultBytes: 1_000_000,
    scanBytes: null,
    time: 60,
    perPerson: 3,
    together: 20,
    cache: 600,
  },
  writes: '',
  ...more,
});
const input = (more: Partial<ConnectionInput> = {}): ConnectionInput => ({
  name: 'lake',
  url: cluster.url,
  settings: settings(),
  secret: password,
  ...more,
});
const kept = (more: Partial<ConnectionInput> = {}): ConnectionInput => {
  const { secret: _, ...rest } = input(more);
  return rest;
};
const person = (more: Partial<ConnectionInput> = {}) =>
  kept({ settings: settings({ identity: { kind: 'person' } }), ...more });
const own = { account: 'ada', secret: password };
const make = (given = input()) => createConnection(owner, projectId, given, never);

async function stepsOf(running: Promise<AsyncGenerator<TestStep, Tested>>): Promise<Record<string, string>> {
  const steps: Record<string, string> = {};
  for await (const { step, state, found } of await running) steps[step] = `${state}: ${found}`;
  return steps;
}

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

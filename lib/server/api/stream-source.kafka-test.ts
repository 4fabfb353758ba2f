import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '#lib/server/access.ts';
import type { StreamView } from '#lib/server/data/stream-view.ts';
import { readExceptions } from '#lib/server/outbound/address.ts';
import type { Lookup } from '#lib/server/outbound/agent.ts';
import type { Problem } from '#lib/server/problem.ts';
import { openPassword } from '#lib/server/streams/kafka/reach.ts';
import { probe, probeAgain } from '#lib/server/streams/kafka/probe.ts';
import { createWarehouse } from '#lib/server/warehouse/create.ts';
import { KafkaSource } from '#lib/stream/source.ts';
import { makeCertificate } from '#lib/testing/certificate.ts';
import { startKafka, type TestKafka } from '#lib/testing/kafka.ts';
import { startLodestar, testUrl, type TestLodestar } from '#lib/testing/lodestar.ts';
import { bearerHeaders, makeActor, makeMember, makeProject } from '#lib/testing/people.ts';
import { until } from '#lib/testing/until.ts';

let kafka: TestKafka;
let lodestar: TestLodestar;
let project: string;
const people: Record<string, Actor> = {};
const tokens = new Map<Actor, { authorization: string }>();
let names = 0;

beforeAll(async () => {
  kafka = await startKafka({ auth: true });
  lodestar = await startLodestar({
    config: { ALLOW_PRIVATE_ADDRESSES: '127.0.0.1' },
    warehouse: (world) => createWarehouse(world),
  });
  await lodestar.sources.start();
  for (const name of ['owner', 'editor']) people[name] = await makeActor({ name });
  project = (await makeProject(people.owner)).id;
  await makeMember(project, people.editor!, 'editor');
  for (const person of Object.values(people)) tokens.set(person, await bearerHeaders(person));
  await kafka.createTopic('shop', 2);
  const shop = (id: number) => ({ time: '2026-11-21T09:00:00Z', id, price: id + 0.5, page: `/p/${id}` });
  await kafka.produce(
    'shop',
    [1, 2, 3, 4].map((id) => ({ value: shop(id), partition: id % 2 })),
  );
});
afterAll(async () => {
  await lodestar?.close();
  await kafka?.stop();
});

async function call<T>(method: string, path: string, body?: unknown, as = 'owner') {
  const headers = { ...tokens.get(people[as]!), 'content-type': 'application/json' };
  const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
  const response = await lodestar.api(new Request(testUrl + path, init));
  const text = await response.text();
  return { status: response.status, text, body: (text ? JSON.parse(text) : null) as T & Problem & { detail: string } };
}

function make(source: Partial<KafkaSource>, given: Record<string, unknown> = {}, as = 'owner') {
  const body = {
    name: `stream_${++names}`,
    eventTime: 'time',
    source: { kind: 'kafka', brokers: kafka.brokers, topic: 'shop', ...source },
    ...given,
  };
  return call<StreamView>('POST', `/api/projects/${project}/streams`, body, as);
}

const user = 'lodestar';
const tls = () => ({ ca: kafka.auth!.ca });
const secret = () => kafka.auth!.password;
const view = async (id: string) => (await call<StreamView>('GET', `/api/streams/${id}`)).body;
const holds = (id: string, events: number) =>
  until(async () => (await view(id)).events === events, `${events} events are there`, 60_000);
const columns = [
  { name: 'time', type: 'TIMESTAMP' },
  { name: 'id', type: 'BIGINT' },
  { name: 'price', type: 'DOUBLE' },
  { name: 'page', type: 'VARCHAR' },
];

describe('a stream with a topic as its source', () => {
  test('knows its columns from the records that are there, and has them soon after', async () => {
    const made = await make({});
    expect(made.status, made.text).toBe(201);
    expect(made.body.columns).toEqual(columns);
    expect(made.body.source).toMatchObject({ kind: 'kafka', brokers: kafka.brokers, topic: 'shop', hasSecret: false });
    await holds(made.body.id, 4);
    expect((await view(made.body.id)).source).toMatchObject({ state: 'reading', trouble: null });
    const pushed = await call('POST', `/api/streams/${made.body.id}/events`, { time: '2026-11-21T09:00:00Z' });
    expect(pushed.status).toBe(409);
    expect(pushed.body.detail).toBe(
      'The events of this stream are fetched (kafka, shop); nothing can be pushed to it. Push to a stream of its own.',
    );
    expect((await call('DELETE', `/api/streams/${made.body.id}`)).status).toBe(204);
  });

  test('begins with what comes next where that is asked', async () => {
    const made = await make({ start: 'latest' });
    expect(made.body.columns).toEqual(columns);
    expect(made.body.source!.partitions.map(({ offset }) => offset)).toEqual([2, 2]);
    await kafka.createTopic('empty', 1);
    const empty = await make({ topic: 'empty' });
    expect(empty.status, empty.text).toBe(201);
    expect(empty.body.columns).toEqual([]);
  });

  test.for([
    ['SCRAM-SHA-256', 'in the open', false],
    ['PLAIN', 'over TLS', true],
    ['SCRAM-SHA-512', 'over TLS', true],
  ] as const)('signs in by %s %s; its password is kept sealed and shown to nobody', async ([mechanism, , isTls]) => {
    const made = await make(
      { brokers: isTls ? kafka.tls : kafka.sasl, tls: isTls ? tls() : null, sasl: { mechanism, username: user } },
      { secret: secret() },
    );
    expect(made.status, made.text).toBe(201);
    await holds(made.body.id, 4);
    const read = await call<StreamView>('GET', `/api/streams/${made.body.id}`);
    expect(read.text).not.toContain(secret());
    expect(read.body.source).toMatchObject({ hasSecret: true, sasl: { mechanism, username: user } });
    const row = await lodestar.db.stream.findUniqueOrThrow({ where: { id: made.body.id } });
    expect(JSON.stringify(row, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each))).not.toContain(
      secret(),
    );
  });

  test('is an owner’s to make and to change', async () => {
    expect((await make({}, {}, 'editor')).status).toBe(403);
    const { id } = (await make({})).body;
    const change = { source: { brokers: kafka.brokers } };
    expect((await call('PATCH', `/api/streams/${id}`, change, 'editor')).status).toBe(403);
    expect((await call('PATCH', `/api/streams/${id}`, { secret: 'x' }, 'editor')).status).toBe(403);
    expect((await call('PATCH', `/api/streams/${id}`, { idle: 5 }, 'editor')).status).toBe(200);
    expect((await call('PATCH', `/api/streams/${id}`, change)).status).toBe(200);
    const pushed = (
      await call<StreamView>('POST', `/api/projects/${project}/streams`, { name: 'pushed', eventTime: 't' })
    ).body;
    expect((await call('PATCH', `/api/streams/${pushed.id}`, change)).status).toBe(409);
  });
});

test('an authority of one’s own is trusted beside the usual ones', async () => {
  const before = getCACertificates('default');
  const sasl = { mechanism: 'PLAIN', username: user } as const;
  setDefaultCACertificates([...before, kafka.auth!.ca]);
  try {
    const ours = { ca: makeCertificate().cert };
    const made = await make({ brokers: kafka.tls, tls: ours, sasl }, { secret: secret() });
    expect(made.status, made.text).toBe(201);
    await holds(made.body.id, 4);
  } finally {
    setDefaultCACertificates(before);
  }
});

describe('what cannot be read is refused in words, and nothing is kept of it', () => {
  const plain = { mechanism: 'PLAIN', username: user } as const;
  const scram = { mechanism: 'SCRAM-SHA-256', username: user } as const;
  const cases: [string, () => Partial<KafkaSource>, RegExp, keyof KafkaSource][] = [
    [
      'a wrong password',
      () => ({ brokers: kafka.tls, tls: tls(), sasl: plain }),
      /does not let lodestar in by PLAIN: the name or the password is wrong/,
      'sasl',
    ],
    [
      'a wrong password by SCRAM',
      () => ({ brokers: kafka.sasl, sasl: scram }),
      /does not let lodestar in by SCRAM-SHA-256/,
      'sasl',
    ],
    ['a password in the open', () => ({ brokers: kafka.sasl, sasl: plain }), /over the network in the open/, 'sasl'],
    ['a topic that is not there', () => ({ topic: 'nothing' }), /There is no topic nothing there/, 'topic'],
    ['TLS where there is none', () => ({ tls: tls() }), /does not speak TLS at this port/, 'tls'],
    ['none where there is TLS', () => ({ brokers: kafka.tls }), /speaks TLS at this port: switch TLS on/, 'tls'],
    [
      'a sign-in without TLS where there is TLS',
      () => ({ brokers: kafka.tls, sasl: scram }),
      /closed the connection: it may want TLS/,
      'brokers',
    ],
    [
      'an authority that signed nothing there',
      () => ({ brokers: kafka.tls, tls: { ca: makeCertificate().cert }, sasl: plain }),
      /certificate is of no authority that is trusted here/,
      'tls',
    ],
    [
      'an authority that is no PEM',
      () => ({ brokers: kafka.tls, tls: { ca: 'trust me' }, sasl: plain }),
      /certificate \(ca\) cannot be read: it must be in PEM/,
      'tls',
    ],
    ['no user where one is asked for', () => ({ brokers: kafka.sasl }), /it may want a user and a password/, 'brokers'],
    ['nobody at the port', () => ({ brokers: ['127.0.0.1:1'] }), /Nobody answers at 127\.0\.0\.1:1/, 'brokers'],
    [
      'a host that is not',
      () => ({ brokers: ['no-such-host.invalid:9092'] }),
      /There is no host no-such-host\.invalid/,
      'brokers',
    ],
    [
      'a private address',
      () => ({ brokers: ['10.1.2.3:9092'] }),
      /10\.1\.2\.3 is a private address, which this server does not call\. An operator/,
      'brokers',
    ],
    ['the metadata of a cloud', () => ({ brokers: ['169.254.169.254:80'] }), /metadata address/, 'brokers'],
  ];
  test.for(cases)('%s', async ([, source, words, part]) => {
    const made = await make(source(), { secret: 'wrong' });
    expect(made.status, made.text).toBe(422);
    expect(made.body.detail).toMatch(words);
    expect(made.body).toMatchObject({ errors: [{ in: 'body', field: `source.${part}`, message: made.body.detail }] });
    expect(made.text).not.toContain('wrong"');
    expect(await lodestar.db.stream.count({ where: { name: `stream_${names}` } })).toBe(0);
  });

  test('records that are no events', async () => {
    const other = await make({}, { eventTime: 'when' });
    expect(other.status).toBe(422);
    expect(other.body.detail).toMatch(
      /^None of the 8 records that were looked at can become an event\. The first, at shop, partition \d, offset 0: when /,
    );
  });

  test('a broker that a cluster names as its own, at an address that is not to be called', async () => {
    const port = kafka.brokers[0]!.split(':')[1];
    const source = KafkaSource.parse({ kind: 'kafka', brokers: [`kafka.test:${port}`], topic: 'shop' });
    const lookup = ((_, __, answer) => answer(null, [{ address: '127.0.0.1', family: 4 }])) as Lookup;
    const contract = { eventTime: 'time', key: [], ahead: 600_000 };
    const given = { source, secret: null, lookup, contract, columns: undefined, now: Date.now() };
    const found = probe({ ...given, exceptions: readExceptions('kafka.test') });
    await expect(found).rejects.toThrow(/^127\.0\.0\.1 is this machine's own address, which this server does not call/);
    await expect(probe({ ...given, exceptions: readExceptions('kafka.test,127.0.0.1') })).resolves.toMatchObject({
      looked: 8,
    });
  });
});

describe('a changed source', () => {
  const sasl = { mechanism: 'SCRAM-SHA-512', username: user } as const;

  test('takes a kept password to no other brokers or account', async () => {
    const { id } = (await make({ brokers: kafka.sasl, sasl }, { secret: secret() })).body;
    const change = (body: unknown) => call<StreamView>('PATCH', `/api/streams/${id}`, body);
    const elsewhere = await change({ source: { brokers: ['203.0.113.9:9092'] } });
    expect(elsewhere).toMatchObject({ status: 422, body: { code: 'secret-needed' } });
    expect((await change({ source: { tls: tls() } })).body.code).toBe('secret-needed');
    expect((await change({ secret: 'wrong' })).body.detail).toMatch(/does not let lodestar in/);
    expect((await change({ source: { brokers: kafka.tls, tls: tls() }, secret: secret() })).status).toBe(200);
    const row = await lodestar.db.stream.findUniqueOrThrow({ where: { id } });
    const source = KafkaSource.parse(row.source);
    expect(openPassword(lodestar.secrets, id, source, row.secret!)).toBe(secret());
    expect(() => openPassword(lodestar.secrets, id, { ...source, brokers: kafka.sasl }, row.secret!)).toThrow();
    await holds(id, 4);
    await until(async () => (await view(id)).source!.state === 'reading', 'it is read there', 60_000);
    expect((await view(id)).source).toMatchObject({ brokers: kafka.tls, trouble: null });
  });

  test('leads to the same topic or is refused', async () => {
    const source = KafkaSource.parse({ kind: 'kafka', brokers: kafka.brokers, topic: 'shop' });
    const given = { source, secret: null, exceptions: readExceptions('127.0.0.1') };
    const at = (log: string) => ({ 0: { offset: 0, log, lost: 0, resets: 0 } });
    await expect(probeAgain(given, at('another'))).rejects.toThrow(/it is another one than this stream reads/);
    await expect(probeAgain(given, at(''))).resolves.toBeUndefined();
  });
});

import { readFile } from 'node:fs/promises';
import { Float64, Int64, Table, Utf8, tableFromIPC, tableToIPC, vectorFromArray } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '#lib/server/access.ts';
import { createWarehouse } from '#lib/server/warehouse/create.ts';
import { startLodestar, testUrl, type TestLodestar } from '#lib/testing/lodestar.ts';
import { bearerHeaders, makeActor, makeMember, makeProject } from '#lib/testing/people.ts';

let lodestar: TestLodestar;
let owner: Actor;
let project: string;

beforeAll(async () => {
  lodestar = await startLodestar({ warehouse: (world) => createWarehouse(world) });
  owner = await makeActor({ name: 'Ada' });
  project = (await makeProject(owner)).id;
});
afterAll(() => lodestar.close());

const csv = 'city,temp,day\nBerlin,12.5,2026-11-01\nParis,14,2026-11-02\n';

async function call(
  method: string,
  path: string,
  given: { as?: Actor; body?: BodyInit; type?: string; accept?: string } = {},
): Promise<Response> {
  const headers: Record<string, string> = { ...(await bearerHeaders(given.as ?? owner)) };
  if (given.type) headers['content-type'] = given.type;
  if (given.accept) headers['accept'] = given.accept;
  return lodestar.api(
    new Request(`${testUrl}${path}`, { method, headers, body: given.body, duplex: 'half' } as RequestInit),
  );
}

const put = (name: string, body: BodyInit, type: string, as?: Actor) =>
  call('PUT', `/api/projects/${project}/datasets/${name}`, { body, type, ...(as ? { as } : {}) });

async function query(
  sql: string,
  more: Record<string, unknown> = {},
): Promise<{
  columns: { name: string; type: string }[];
  rows: unknown[][];
  complete: boolean;
  engine: string;
  asOf: string;
}> {
  const body = JSON.stringify({ sql, ...more });
  const response = await call('POST', `/api/projects/${project}/query`, { body, type: 'application/json' });
  expect(response.status, await response.clone().text()).toBe(200);
  return response.json() as never;
}

const arrowTable = () =>
  new Table({
    id: vectorFromArray([1n, 9007199254740993n, null], new Int64()),
    word: vectorFromArray(['a', null, 'ü'], new Utf8()),
    size: vectorFromArray([0.5, Number.NaN, null], new Float64()),
  });

describe('uploads', () => {
  test('a CSV file becomes a dataset that can be queried', async () => {
    const made = await put('weather', csv, 'text/csv');
    expect(made.status).toBe(200);
    expect(await made.json()).toMatchObject({
      name: 'weather',
      kind: 'upload',
      rows: 2,
      version: 1,
      columns: [
        { name: 'city', type: 'VARCHAR' },
        { name: 'temp', type: 'DOUBLE' },
        { name: 'day', type: 'DATE' },
      ],
    });
    expect((await query('SELECT city, temp FROM weather ORDER BY temp DESC')).rows).toEqual([
      ['Paris', 14],
      ['Berlin', 12.5],
    ]);
  });

  test('the same name again replaces the rows and never doubles them', async () => {
    await put('weather', csv, 'text/csv');
    const again = (await (await put('weather', `${csv}Rome,20,2026-11-03\n`, 'text/csv')).json()) as {
      rows: number;
      partitions: number;
    };
    expect(again).toMatchObject({ rows: 3, partitions: 1 });
    expect((await query('SELECT count(*) AS n FROM weather')).rows).toEqual([['3']]);
  });

  test('NDJSON', async () => {
    await put('lines', '{"a":1,"b":{"c":[1,2]}}\n{"a":2,"b":{"c":[]}}\n', 'application/x-ndjson');
    expect((await query('SELECT a, b FROM lines')).rows).toEqual([
      ['1', { c: ['1', '2'] }],
      ['2', { c: [] }],
    ]);
  });

  test('Arrow as a stream and as a file, every digit kept', async () => {
    for (const [kind, type] of [
      ['stream', 'application/vnd.apache.arrow.stream'],
      ['file', 'application/vnd.apache.arrow.file'],
    ] as const) {
      const made = await put('arrows', tableToIPC(arrowTable(), kind) as Uint8Array<ArrayBuffer>, type);
      expect(made.status, await made.clone().text()).toBe(200);
      const rows = [
        ['1', 'a', 0.5],
        ['9007199254740993', null, 'nan'],
        [null, 'ü', null],
      ];
      expect((await query('SELECT * FROM arrows')).rows).toEqual(rows);
    }
  });

  test('Parquet given is Parquet taken', async () => {
    await put('weather', csv, 'text/csv');
    const id = (
      (await (await call('GET', `/api/projects/${project}/datasets`)).json()) as {
        items: { id: string; name: string }[];
      }
    ).items.find((each) => each.name === 'weather')!.id;
    const parquet = await call('GET', `/api/datasets/${id}/rows`, { accept: 'application/vnd.apache.parquet' });
    const bytes = await parquet.arrayBuffer();
    expect((await put('copy', bytes, 'application/vnd.apache.parquet')).status).toBe(200);
    expect((await query('FROM copy')).rows).toEqual((await query('FROM weather')).rows);
  });
});

describe('bad files', () => {
  const refused = async (body: BodyInit, type: string) => {
    const response = await put('bad', body, type);
    const problem = (await response.json()) as { code: string; detail: string };
    const { rows } = await query(`SELECT count(*) AS n FROM information_schema.tables WHERE table_name = 'bad'`);
    expect(rows).toEqual([['0']]);
    return { status: response.status, ...problem };
  };

  test('an empty file', async () => {
    expect(await refused('', 'text/csv')).toMatchObject({ status: 400, code: 'bad-request' });
  });

  test('a picture sent as CSV', async () => {
    const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13);
    const problem = await refused(png, 'text/csv');
    expect(problem).toMatchObject({ status: 422, code: 'unreadable-file' });
    expect(problem.detail).toContain('PNG');
  });

  test('CSV sent as Parquet', async () => {
    expect(await refused(csv, 'application/vnd.apache.parquet')).toMatchObject({
      status: 422,
      code: 'unreadable-file',
    });
  });

  test('a Parquet file cut short', async () => {
    const path = (await lodestar.db.partition.findFirstOrThrow()).file;
    const whole = await readFile(`${lodestar.config.DATA_DIR}/warehouse/${path}`);
    const problem = await refused(
      new Uint8Array(whole.subarray(0, whole.length - 20)),
      'application/vnd.apache.parquet',
    );
    expect(problem).toMatchObject({ status: 422, code: 'unreadable-file' });
  });

  test('NDJSON with a broken line says so', async () => {
    expect(await refused('{"a":1}\n{"a":\n', 'application/x-ndjson')).toMatchObject({
      status: 422,
      code: 'unreadable-file',
    });
  });

  test('a type that no dataset has', async () => {
    expect(await refused('x', 'application/pdf')).toMatchObject({ status: 415 });
  });

  test('a name SQL cannot use', async () => {
    expect((await put('a b', csv, 'text/csv')).status).toBe(400);
  });
});

describe('rows', () => {
  const idOf = async (name: string) =>
    (await lodestar.db.dataset.findFirstOrThrow({ where: { projectId: project, name } })).id;

  test('CSV guards what a spreadsheet would run', async () => {
    await put('formulas', 'text,n\n"=1+1",-5\n@cmd,6\n', 'text/csv');
    const response = await call('GET', `/api/datasets/${await idOf('formulas')}/rows`, { accept: 'text/csv' });
    expect(await response.text()).toBe("text,n\r\n'=1+1,-5\r\n'@cmd,6\r\n");
  });

  test('Arrow keeps every digit; a limit cuts and says so', async () => {
    await put(
      'arrows',
      tableToIPC(arrowTable(), 'stream') as Uint8Array<ArrayBuffer>,
      'application/vnd.apache.arrow.stream',
    );
    const id = await idOf('arrows');
    const arrow = await call('GET', `/api/datasets/${id}/rows`, { accept: 'application/vnd.apache.arrow.stream' });
    const table = tableFromIPC(new Uint8Array(await arrow.arrayBuffer()));
    expect(table.toArray().map((row) => row.toJSON().id)).toEqual([1n, 9007199254740993n, null]);
    const cut = (await (await call('GET', `/api/datasets/${id}/rows?limit=2`)).json()) as {
      rows: unknown[];
      complete: boolean;
    };
    expect(cut).toMatchObject({ complete: false });
    expect(cut.rows).toHaveLength(2);
  });

  test('what nobody offers is not acceptable', async () => {
    expect((await call('GET', `/api/datasets/${await idOf('weather')}/rows`, { accept: 'image/png' })).status).toBe(
      406,
    );
  });
});

describe('queries', () => {
  test('answers as described, BIGINT and DECIMAL as text', async () => {
    const answer = await query(
      `SELECT 9007199254740993 AS big, 1.10::DECIMAL(18,2) AS amount, 7 AS small, 0.5::DOUBLE AS half, true AS yes, NULL AS none`,
    );
    expect(answer.columns.map((column) => column.type)).toEqual([
      'BIGINT',
      'DECIMAL(18,2)',
      'INTEGER',
      'DOUBLE',
      'BOOLEAN',
      'INTEGER',
    ]);
    expect(answer).toMatchObject({
      rows: [['9007199254740993', '1.10', 7, 0.5, true, null]],
      complete: true,
      engine: 'warehouse',
    });
    expect(Date.parse(answer.asOf)).not.toBeNaN();
  });

  test('parameters, plain and typed', async () => {
    const parameters = { from: '2026-11-02', least: 1, name: { type: 'text', value: '2026-11-02' } };
    const { rows } = await query(
      'SELECT city, {{name}} AS name FROM weather WHERE day >= {{from}} AND temp > {{least}} ORDER BY city LIMIT 1',
      { parameters },
    );
    expect(rows).toEqual([['Paris', '2026-11-02']]);
  });

  test('wrong SQL is a problem with its place and a hint', async () => {
    const body = JSON.stringify({ sql: 'SELECT\n  citi FROM weather' });
    const response = await call('POST', `/api/projects/${project}/query`, { body, type: 'application/json' });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      code: 'unknown-name',
      position: { line: 2, column: 3 },
      hint: expect.stringContaining('city'),
    });
  });

  test('another project’s datasets are not there', async () => {
    const stranger = await makeActor();
    const other = await makeProject(stranger);
    const body = JSON.stringify({ sql: 'SELECT * FROM weather' });
    const mine = await call('POST', `/api/projects/${other.id}/query`, {
      as: stranger,
      body,
      type: 'application/json',
    });
    expect(await mine.json()).toMatchObject({ code: 'unknown-name' });
    const yours = await call('POST', `/api/projects/${project}/query`, {
      as: stranger,
      body,
      type: 'application/json',
    });
    expect(yours.status).toBe(404);
  });

  test('a PIVOT without IN finds its table', async () => {
    const { rows } = await query('PIVOT weather ON city USING first(temp) GROUP BY day ORDER BY day');
    expect(rows.length).toBeGreaterThan(0);
  });
});

describe('names', () => {
  test('differ by more than capitals, and an underscore is no other letter', async () => {
    expect((await put('visitsXday', csv, 'text/csv')).status).toBe(200);
    expect((await put('visits_day', csv, 'text/csv')).status).toBe(200);
    const answer = await put('Visits_Day', csv, 'text/csv');
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ code: 'name-taken', detail: expect.stringContaining('visits_day') });
  });
});

describe('rights', () => {
  test('a reader queries and may not upload, describe or delete', async () => {
    const reader = await makeActor();
    await makeMember(project, reader, 'reader');
    const id = (await lodestar.db.dataset.findFirstOrThrow({ where: { projectId: project, name: 'weather' } })).id;
    expect((await put('weather', csv, 'text/csv', reader)).status).toBe(403);
    expect((await call('DELETE', `/api/datasets/${id}`, { as: reader })).status).toBe(403);
    const change = { as: reader, body: '{"description":"x"}', type: 'application/json' };
    expect((await call('PATCH', `/api/datasets/${id}`, change)).status).toBe(403);
    expect((await call('GET', `/api/datasets/${id}/rows`, { as: reader })).status).toBe(200);
  });

  test('a stranger cannot tell a dataset from none', async () => {
    const id = (await lodestar.db.dataset.findFirstOrThrow({ where: { projectId: project, name: 'weather' } })).id;
    const stranger = await makeActor();
    for (const path of [`/api/datasets/${id}`, `/api/datasets/${id}/rows`, '/api/datasets/nothing']) {
      expect((await call('GET', path, { as: stranger })).status).toBe(404);
    }
  });
});

describe('the workbench’s own events', () => {
  const note = (count: number) =>
    lodestar.db.event.createMany({
      data: Array.from({ length: count }, (_, index) => ({
        kind: 'chart-shown',
        userId: owner.userId,
        projectId: project,
        fields: { type: 'bar', grouped: index % 2 === 0, sorted: false, titled: true },
      })),
    });
  const count = async () =>
    (
      await query(
        'SELECT count(*) AS n, count(*) FILTER (grouped) AS g, any_value(user_name) AS who, any_value(chart_type) AS t FROM workbench_events',
      )
    ).rows[0];

  test('are in the dataset once each, however many read at once', async () => {
    expect(await count()).toEqual(['0', '0', null, null]);
    await note(10);
    const readers = await Promise.all([count(), count(), count()]);
    for (const seen of readers) expect(seen).toEqual(['10', '5', 'Ada', 'bar']);
    await note(4);
    expect(await count()).toEqual(['14', '7', 'Ada', 'bar']);
    expect(await lodestar.db.partition.count({ where: { dataset: { name: 'workbench_events' } } })).toBe(1);
  });

  test('cannot be replaced or deleted', async () => {
    expect((await put('workbench_events', csv, 'text/csv')).status).toBe(409);
    const { id } = await lodestar.db.dataset.findFirstOrThrow({ where: { projectId: project, kind: 'events' } });
    expect((await call('DELETE', `/api/datasets/${id}`)).status).toBe(409);
  });
});

import type { ServerResponse } from 'node:http';
import type { Certificate } from './certificate.ts';
import {
  sendJson,
  startCoordinator,
  startSecureCoordinator,
  type Coordinator,
  type PageOf,
  type Step,
} from './coordinator.ts';

/*
 * A cluster that knows one table and nothing else, for tests of the HTTP surface where no Trino is at hand: it tells what a
 * connection's test and the catalogue ask for. What Trino really does is held by the tests against a real one.
 */

type Column = [name: string, type: string];
type Rows = { columns: Column[]; data: unknown[][] };

const names = (column: string, ...values: string[]): Rows => ({
  columns: [[column, 'varchar']],
  data: values.map((value) => [value]),
});

const plan = {
  inputTableColumnInfos: [
    {
      table: { catalog: 'lake', schemaTable: { schema: 'shop', table: 'purchase' } },
      constraint: { none: false, columnConstraints: [] },
      estimate: { outputRowCount: 2, outputSizeInBytes: 18 },
    },
  ],
  estimate: { outputRowCount: 2, outputSizeInBytes: 18 },
};

const answers: [RegExp, Rows][] = [
  [/^EXPLAIN \(TYPE IO/, names('Query Plan', JSON.stringify(plan))],
  [/^EXPLAIN \(TYPE VALIDATE/, { columns: [['Valid', 'boolean']], data: [[true]] }],
  [/^EXPLAIN/, names('Query Plan', '{}')],
  [/^SHOW CATALOGS/, names('Catalog', 'lake')],
  [/^SHOW SCHEMAS/, names('Schema', 'shop')],
  [/^SHOW TABLES/, names('Table', 'purchase')],
  [/^SHOW CREATE TABLE/, names('Create Table', "CREATE TABLE t (n bigint)\nWITH (\n   partitioned_by = ARRAY['n']\n)")],
  [
    /information_schema/,
    {
      columns: [
        ['s', 'varchar'],
        ['t', 'varchar'],
      ],
      data: [['shop', 'purchase']],
    },
  ],
  [
    /^DESCRIBE/,
    {
      columns: ['Column', 'Type', 'Extra', 'Comment'].map((name): Column => [name, 'varchar']),
      data: [['n', 'bigint', '', 'a number']],
    },
  ],
  [/system\.runtime\.queries/, names('state', 'FAILED')],
  [/current_user/, names('user', 'lead')],
  [/^SELECT/, { columns: [['n', 'bigint']], data: [[1]] }],
];

/** With `secure` it speaks TLS, and lets in whoever knows the password. */
export function startLittleTrino(secure?: { certificate: Certificate; password: string }): Promise<Coordinator> {
  const step: Step = (reply, page, { url, method, body, headers }) => {
    if (url === '/v1/info')
      return sendJson(reply, { nodeVersion: { version: '476' }, uptime: '1.00m', starting: false });
    if (secure && passwordIn(headers.authorization) !== secure.password) return void reply.writeHead(401).end();
    if (method === 'GET' || body.includes('sequence(1, 10000)')) return sendJson(reply, page(true));
    answer(reply, page, body);
  };
  return secure ? startSecureCoordinator(secure.certificate, step) : startCoordinator(step);
}

function passwordIn(authorization = ''): string {
  const [, text = ''] = authorization.split(' ');
  return Buffer.from(text, 'base64').toString().split(':').slice(1).join(':');
}

function answer(reply: ServerResponse, page: PageOf, body: string): void {
  const found = answers.find(([pattern]) => pattern.test(body))?.[1];
  if (!found) {
    const error = {
      message: 'This cluster is too little for that.',
      errorName: 'NOT_SUPPORTED',
      errorType: 'USER_ERROR',
    };
    return sendJson(reply, page(false, { error }));
  }
  const columns = found.columns.map(([name, type]) => ({
    name,
    type,
    typeSignature: { rawType: type, arguments: [] },
  }));
  sendJson(reply, page(false, { columns, data: found.data }));
}

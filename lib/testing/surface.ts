import { encodeFrame } from '#kernels/frame.ts';
import { eventsMediaType } from '#kernels/events.ts';
import { broughtKinds } from '#kernels/remote.ts';

/*
 * One real call of every operation, in an order in which each finds what it needs. A call may keep what its answer named
 * for those after it; `fill` puts it into their paths.
 */

export interface Call {
  /** As operations.ts spells it: `POST /api/projects`. */
  of: string;
  /** Values for the path's parameters, by what was kept: `{ id: 'project' }`. */
  params?: Record<string, string>;
  /** As it is, or out of what was kept. */
  body?: unknown;
  bodyOf?(kept: Record<string, string>): unknown;
  raw?: { type: string; bytes: BodyInit };
  query?: string;
  headers?: Record<string, string>;
  /** Names under which fields of the answer are kept. */
  keep?: Record<string, string>;
  /** Who calls; the first administrator unless told. */
  as?: 'nobody' | 'guest' | 'approver';
}

const daily = {
  type: 'sql',
  name: 'revenue',
  engine: 'warehouse',
  source:
    'SELECT day, sum(amount) AS amount FROM sales WHERE day >= {{window_start}} AND day < {{window_end}} GROUP BY day',
};
const inputs = [
  { type: 'input', name: 'window_start', source: '2026-11-20' },
  { type: 'input', name: 'window_end', source: '2026-11-21' },
];
const instants = [
  { type: 'input', name: 'window_start', source: '2026-11-20 08:00' },
  { type: 'input', name: 'window_end', source: '2026-11-20 08:01' },
];
const perMinute = {
  type: 'sql',
  name: 'per_minute',
  engine: 'warehouse',
  source: 'SELECT count(*) AS n FROM visits WHERE time >= {{window_start}} AND time < {{window_end}}',
};
const csv = { type: 'text/csv', bytes: 'day,amount\n2026-11-19,1\n2026-11-20,2\n2026-11-20,3\n' };
/** `cluster`, `secure` and `authority` are kept before the calls: two little clusters (little-trino.ts). */
const connection = { id: 'connection' };
const lake = (kept: Record<string, string>, more: object = {}) => ({
  name: 'lake',
  url: kept['cluster'],
  settings: { catalog: 'lake', schema: 'shop', identity: { kind: 'none', becomes: 'local-part' }, ...more },
});
export const clusterPassword = 'trino battery staple';
const account = { account: 'lead', secret: clusterPassword };
const vault = (kept: Record<string, string>) => ({
  name: 'vault',
  url: kept['secure'],
  settings: { authority: kept['authority'], identity: { kind: 'person' } },
  own: account,
});
const draft = { sql: 'SELECT * FROM purchase' };
const project = { id: 'project' };
const notebook = { id: 'notebook' };
const job = { id: 'job' };
const stream = { id: 'stream' };
const promote = (target: string) => ({ cell: 'revenue', target, window: 'day' });
const person = { name: 'Guest', email: 'guest@shop.example', password: 'correct horse battery' };

/** The first ones run before anybody has an account. */
export const firstCalls: Call[] = [
  { of: 'GET /api/health', as: 'nobody' },
  { of: 'GET /api/openapi.json', as: 'nobody' },
  { of: 'GET /api/setup', as: 'nobody' },
];

export const calls: Call[] = [
  { of: 'GET /api/me' },
  { of: 'GET /api/sessions' },
  { of: 'POST /api/tokens', body: { name: 'cron' }, keep: { id: 'token' } },
  { of: 'GET /api/tokens' },
  { of: 'DELETE /api/tokens/{id}', params: { id: 'token' } },
  { of: 'POST /api/projects', body: { name: 'Shop', timeZone: 'Europe/Berlin' }, keep: { id: 'project' } },
  { of: 'GET /api/projects' },
  { of: 'GET /api/projects/{id}', params: project },
  { of: 'GET /api/projects/{id}/names', params: project },
  { of: 'PATCH /api/projects/{id}', params: project, body: { name: 'The shop' } },
  { of: 'POST /api/projects/{id}/invitations', params: project, body: { role: 'editor' }, keep: { id: 'spare' } },
  { of: 'GET /api/projects/{id}/invitations', params: project },
  { of: 'DELETE /api/projects/{id}/invitations/{invitationId}', params: { id: 'project', invitationId: 'spare' } },
  { of: 'POST /api/projects/{id}/invitations', params: project, body: { role: 'reader' }, keep: { url: 'secret' } },
  { of: 'GET /api/invitations/{secret}', params: { secret: 'secret' }, as: 'nobody' },
  {
    of: 'POST /api/invitations/{secret}/accept',
    params: { secret: 'secret' },
    body: person,
    as: 'nobody',
    keep: { userId: 'guest' },
  },
  { of: 'GET /api/projects/{id}/members', params: project },
  {
    of: 'PATCH /api/projects/{id}/members/{userId}',
    params: { id: 'project', userId: 'guest' },
    body: { role: 'owner' },
  },
  {
    of: 'PUT /api/projects/{id}/datasets/{name}',
    params: { id: 'project', name: '=sales' },
    raw: csv,
    keep: { id: 'dataset' },
  },
  { of: 'GET /api/projects/{id}/datasets', params: project },
  { of: 'GET /api/datasets/{id}', params: { id: 'dataset' } },
  { of: 'GET /api/datasets/{id}/rows', params: { id: 'dataset' }, query: '?limit=2' },
  {
    of: 'GET /api/datasets/{id}/rows',
    params: { id: 'dataset' },
    headers: { accept: 'application/vnd.apache.parquet' },
  },
  { of: 'PATCH /api/datasets/{id}', params: { id: 'dataset' }, body: { description: 'What was sold' } },
  { of: 'POST /api/projects/{id}/query', params: project, body: { sql: 'SELECT sum(amount) AS amount FROM sales' } },
  {
    of: 'POST /api/projects/{id}/query',
    params: project,
    body: { sql: 'SELECT 1 AS x' },
    headers: { accept: 'text/csv' },
  },
  {
    of: 'POST /api/projects/{id}/query/with-tables',
    params: project,
    raw: { type: eventsMediaType, bytes: frames('SELECT 1 AS x') },
  },
  { of: 'POST /api/projects/{id}/connections/test', params: project, bodyOf: lake },
  { of: 'POST /api/projects/{id}/connections', params: project, bodyOf: lake, keep: { id: 'connection' } },
  { of: 'GET /api/projects/{id}/connections', params: project },
  { of: 'GET /api/connections/{id}', params: connection },
  { of: 'POST /api/connections/{id}/test', params: connection, bodyOf: lake },
  { of: 'PUT /api/connections/{id}', params: connection, bodyOf: (kept) => lake(kept, { limits: { rows: 10 } }) },
  { of: 'GET /api/connections/{id}/catalogs', params: connection },
  { of: 'GET /api/connections/{id}/schemas', params: connection, query: '?catalog=lake' },
  { of: 'GET /api/connections/{id}/tables', params: connection, query: '?catalog=lake&schema=shop' },
  { of: 'GET /api/connections/{id}/table', params: connection, query: '?catalog=lake&schema=shop&table=purchase' },
  { of: 'GET /api/connections/{id}/sample', params: connection, query: '?catalog=lake&schema=shop&table=purchase' },
  { of: 'GET /api/connections/{id}/search', params: connection, query: '?q=purch&fresh=true' },
  { of: 'POST /api/connections/{id}/validate', params: connection, body: draft },
  { of: 'POST /api/connections/{id}/estimate', params: connection, body: draft },
  {
    of: 'POST /api/projects/{id}/query',
    params: project,
    bodyOf: (kept) => ({ ...draft, engine: 'trino', connection: kept['connection'] }),
  },
  { of: 'POST /api/projects/{id}/connections', params: project, bodyOf: vault, keep: { id: 'vault' } },
  { of: 'PUT /api/connections/{id}/credential', params: { id: 'vault' }, body: account },
  { of: 'DELETE /api/connections/{id}/credential', params: { id: 'vault' } },
  { of: 'DELETE /api/connections/{id}', params: connection },
  {
    of: 'POST /api/projects/{id}/notebooks',
    params: project,
    body: { title: 'Sales', cells: [...inputs, daily] },
    keep: { id: 'notebook' },
  },
  { of: 'GET /api/projects/{id}/notebooks', params: project },
  { of: 'GET /api/notebooks/{id}', params: notebook },
  { of: 'PATCH /api/notebooks/{id}', params: notebook, body: { title: 'Sales by day' } },
  {
    of: 'POST /api/notebooks/{id}/cells',
    params: notebook,
    body: { type: 'markdown', source: '# Sales' },
    keep: { id: 'cell' },
  },
  {
    of: 'PATCH /api/notebooks/{id}/cells/{cellId}',
    params: { id: 'notebook', cellId: 'cell' },
    body: { source: '# All sales' },
  },
  { of: 'DELETE /api/notebooks/{id}/cells/{cellId}', params: { id: 'notebook', cellId: 'cell' } },
  { of: 'POST /api/projects/{id}/events', params: project, body: { items: [] } },
  { of: 'GET /api/projects/{id}/insights', params: project },
  { of: 'GET /api/insights' },
  { of: 'POST /api/notebooks/{id}/promotions', params: notebook, body: promote('unwanted'), keep: { id: 'unwanted' } },
  { of: 'POST /api/promotions/{id}/submit', params: { id: 'unwanted' } },
  {
    of: 'POST /api/promotions/{id}/reject',
    params: { id: 'unwanted' },
    body: { comment: 'Not this one' },
    as: 'approver',
  },
  {
    of: 'POST /api/notebooks/{id}/promotions',
    params: notebook,
    body: promote('daily_sales'),
    keep: { id: 'promotion' },
  },
  { of: 'GET /api/projects/{id}/promotions', params: project },
  { of: 'GET /api/promotions/{id}', params: { id: 'promotion' } },
  { of: 'POST /api/promotions/{id}/submit', params: { id: 'promotion' } },
  {
    of: 'POST /api/promotions/{id}/approve',
    params: { id: 'promotion' },
    body: {},
    as: 'approver',
    keep: { jobId: 'job' },
  },
  { of: 'GET /api/projects/{id}/jobs', params: project },
  { of: 'GET /api/jobs/{id}', params: job },
  { of: 'POST /api/jobs/{id}/pause', params: job },
  { of: 'POST /api/jobs/{id}/resume', params: job },
  { of: 'POST /api/jobs/{id}/runs', params: job, body: { windowStart: '2026-11-20' }, keep: { id: 'run' } },
  { of: 'GET /api/jobs/{id}/runs', params: job },
  { of: 'POST /api/jobs/{id}/backfills', params: job, body: { from: '2026-11-17', to: '2026-11-20' } },
  { of: 'GET /api/runs/{id}', params: { id: 'run' } },
  { of: 'POST /api/runs/{id}/cancel', params: { id: 'run' } },
  {
    of: 'POST /api/projects/{id}/streams',
    params: project,
    body: { name: 'visits', eventTime: 'time', key: 'id' },
    keep: { id: 'stream' },
  },
  {
    of: 'POST /api/streams/{id}/events',
    params: stream,
    raw: { type: 'application/x-ndjson', bytes: '{"time":"2026-11-20T08:00:00Z","id":1}\n{"id":2}\n' },
    headers: { 'idempotency-key': 'first' },
  },
  { of: 'GET /api/streams/{id}/events', params: stream, query: '?from=0&limit=5' },
  { of: 'GET /api/streams/{id}/rows', params: stream, query: '?minutes=5&limit=5' },
  { of: 'GET /api/streams/{id}/rates', params: stream },
  { of: 'GET /api/streams/{id}/readers', params: stream },
  { of: 'GET /api/streams/{id}/dead-letters', params: stream },
  { of: 'GET /api/projects/{id}/streams', params: project },
  { of: 'GET /api/streams/{id}', params: stream },
  { of: 'PATCH /api/streams/{id}', params: stream, body: { retention: { days: 7 } } },
  {
    of: 'POST /api/projects/{id}/notebooks',
    params: project,
    body: { title: 'Visits as they come', cells: [...instants, perMinute] },
    keep: { id: 'liveNotebook' },
  },
  {
    of: 'POST /api/notebooks/{id}/promotions',
    params: { id: 'liveNotebook' },
    body: { cell: 'per_minute', target: 'visits_per_minute', realtime: { kind: 'tumbling', seconds: 60 } },
    keep: { id: 'livePromotion' },
  },
  { of: 'POST /api/promotions/{id}/submit', params: { id: 'livePromotion' } },
  {
    of: 'POST /api/promotions/{id}/approve',
    params: { id: 'livePromotion' },
    body: {},
    as: 'approver',
    keep: { jobId: 'liveJob' },
  },
  { of: 'GET /api/jobs/{id}/live', params: { id: 'liveJob' } },
  { of: 'GET /api/jobs/{id}/provisional', params: { id: 'liveJob' } },
  { of: 'POST /api/jobs/{id}/drain', params: { id: 'liveJob' } },
  { of: 'DELETE /api/jobs/{id}', params: { id: 'liveJob' }, query: '?dataset=delete' },
  { of: 'GET /api/projects/{id}/changes', params: project },
  {
    of: 'POST /api/projects/{id}/streams',
    params: project,
    body: { name: 'unwanted', eventTime: 'time' },
    keep: { id: 'unwantedStream' },
  },
  { of: 'DELETE /api/streams/{id}', params: { id: 'unwantedStream' } },
  { of: 'DELETE /api/datasets/{id}', params: { id: 'dataset' } },
  { of: 'DELETE /api/notebooks/{id}', params: notebook },
  { of: 'DELETE /api/projects/{id}/members/{userId}', params: { id: 'project', userId: 'guest' } },
  { of: 'DELETE /api/sessions/{id}', params: { id: 'session' } },
];

/** A parameter that begins with = is itself; any other names what was kept. */
export function fill(path: string, params: Record<string, string>, kept: Record<string, string>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const from = params[name] ?? '';
    const value = from.startsWith('=') ? from.slice(1) : kept[from];
    if (!value) throw new Error(`Nothing was kept as ${from || name} for ${path}.`);
    return encodeURIComponent(value);
  });
}

function frames(sql: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(encodeFrame(broughtKinds.query, new TextEncoder().encode(JSON.stringify({ sql, tables: [] }))));
}

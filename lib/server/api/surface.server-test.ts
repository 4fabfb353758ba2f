import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { makeCertificate } from '#lib/testing/certificate.ts';
import type { Coordinator } from '#lib/testing/coordinator.ts';
import { startLittleTrino } from '#lib/testing/little-trino.ts';
import { send } from '#lib/testing/requests.ts';
import { calls, clusterPassword, fill, firstCalls, type Call } from '#lib/testing/surface.ts';
import { completeSetup, offerSetup, Setup } from '#lib/server/data/setup.ts';
import { startScheduler } from '#lib/server/jobs/start.ts';
import { startRealTime } from '#lib/server/realtime/supervise.ts';
import { createWarehouse } from '#lib/server/warehouse/create.ts';
import { version } from '#lib/server/version.ts';
import { toOpenApi } from './openapi.ts';
import { operations } from './operations.ts';

/** The description is kept: every path it names is called against the real parts, and every answer is as described. */

const password = 'correct horse battery';
let lodestar: TestLodestar;
let clusters: Coordinator[];
const kept: Record<string, string> = {};
const tokens: Record<string, string> = {};
const called = new Set<string>();

beforeAll(async () => {
  const certificate = makeCertificate();
  clusters = [await startLittleTrino(), await startLittleTrino({ certificate, password: clusterPassword })];
  Object.assign(kept, { cluster: clusters[0]!.url, secure: clusters[1]!.url, authority: certificate.cert });
  lodestar = await startLodestar({
    config: { ALLOW_PRIVATE_ADDRESSES: 'true' },
    now: () => new Date('2026-11-21T10:00:00Z'),
    warehouse: (world) => createWarehouse(world),
    scheduler: (world) => startScheduler(world),
    realtime: (world) => startRealTime(world),
  });
});
afterAll(async () => {
  await lodestar.close();
  await Promise.all(clusters.map((each) => each.close()));
});

async function make(call: Call): Promise<void> {
  const operation = operations.find((entry) => `${entry.method} ${entry.path}` === call.of);
  if (!operation) throw new Error(`There is no operation ${call.of}.`);
  called.add(call.of);
  const response = await lodestar.api(toRequest(call, operation.method, fill(operation.path, call.params ?? {}, kept)));
  const text = await textOf(response);
  expect([call.of, response.status, response.ok ? '' : text]).toEqual([call.of, operation.status ?? 200, '']);
  if (response.headers.get('content-type') !== 'application/json') return;
  const body: unknown = JSON.parse(text);
  expect(operation.answer.safeParse(body)).toMatchObject({ success: true });
  keep(call, body as Record<string, string>);
}

/** Of an answer that goes on, how it begins. */
async function textOf(response: Response): Promise<string> {
  if (response.headers.get('content-type') !== 'text/event-stream') return response.text();
  const reader = response.body!.getReader();
  const { value } = await reader.read();
  await reader.cancel();
  return new TextDecoder().decode(value);
}

function toRequest(call: Call, method: string, path: string): Request {
  const { body, type } = call.raw
    ? { body: call.raw.bytes, type: call.raw.type }
    : { body: JSON.stringify(call.bodyOf ? call.bodyOf(kept) : call.body), type: 'application/json' };
  const token = tokens[call.as ?? 'admin'];
  const headers = {
    ...(body ? { 'content-type': type } : {}),
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...call.headers,
  };
  const init: RequestInit =
    method === 'GET' || method === 'DELETE' || body === undefined ? { method, headers } : { method, headers, body };
  return new Request(new URL(path + (call.query ?? ''), lodestar.publicUrl), init);
}

function keep(call: Call, body: Record<string, string>): void {
  for (const [field, name] of Object.entries(call.keep ?? {})) kept[name] = body[field]?.split('/').at(-1) ?? '';
}

async function signIn(as: string, email: string): Promise<void> {
  const response = await send('/api/session', { method: 'POST', body: { email, password } });
  tokens[as] = ((await response.json()) as { token: string }).token;
}

test('every path of the description answers as described', async () => {
  for (const call of firstCalls) await make(call);
  const token = (await offerSetup()) ?? '';
  const body = { token, name: 'Lead', email: 'lead@shop.example', password };
  await make({ of: 'POST /api/setup', as: 'nobody', body });
  await make({ of: 'POST /api/session', as: 'nobody', body: { email: body.email, password } });
  await signIn('admin', body.email);
  kept.session = (await lodestar.db.session.findFirstOrThrow({ orderBy: { createdAt: 'asc' } })).id;
  for (const call of calls) {
    if (call.as === 'approver' && !tokens.approver) await signIn('approver', 'guest@shop.example');
    await make(call);
  }
  const described = operations.map((operation) => `${operation.method} ${operation.path}`);
  expect([...called].toSorted()).toEqual(described.toSorted());
}, 120_000);

test('the description names every operation once, with its body, its answer and the form of a refusal', () => {
  const { paths } = toOpenApi(operations, version) as {
    paths: Record<string, Record<string, { responses: object; requestBody?: object }>>;
  };
  for (const operation of operations) {
    const described = paths[operation.path]?.[operation.method.toLowerCase()];
    expect(Object.keys(described?.responses ?? {})).toEqual([String(operation.status ?? 200), 'default']);
    expect(Boolean(described?.requestBody)).toBe(Boolean(operation.body ?? operation.raw));
  }
  expect(new Set(operations.map((operation) => `${operation.method} ${operation.path}`)).size).toBe(operations.length);
});

test('a first account that is complete is not made twice', async () => {
  const again = Setup.parse({ token: 'x', name: 'Eve', email: 'eve@shop.example', password });
  await expect(completeSetup(again, '10.0.0.9')).rejects.toMatchObject({ status: 409 });
});

import type { z } from 'zod';
import type { Actor } from '#lib/server/access.ts';
import { authenticate, bearerIn } from '#lib/server/auth/authenticate.ts';
import { demandOwnOrigin } from '#lib/server/auth/origin.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { Problem, signInNeeded } from '#lib/server/problem.ts';
import { demandType, readJson } from './body.ts';
import type { Operation } from './operation.ts';
import { operations } from './operations.ts';
import { invalid, toProblemResponse } from './refusal.ts';
import { route } from './route.ts';

/*
 * The one door of the HTTP surface. Every request to /api comes through here (but next-auth's own), in this order: which
 * operation, did a page of ours or a script send it, who asks, is what they sent as described. Then the operation runs
 * and its answer is checked against its schema, so that the description in openapi.ts is true. The door knows no noun
 * and decides no right: lib/server/data does.
 */

/** Answers a request; never rejects. */
export async function handle(request: Request): Promise<Response> {
  try {
    const response = await answer(request);
    if (request.method !== 'HEAD') return response;
    await response.body?.cancel();
    return new Response(null, response);
  } catch (error) {
    return toProblemResponse(error);
  }
}

async function answer(request: Request): Promise<Response> {
  const { operation, params } = find(request);
  demandSender(operation, request);
  const actor = await authenticate(request.headers);
  if (!actor && operation.auth !== 'none') throw signInNeeded();
  const given = {
    params: check('path', operation.params, params),
    query: check('query', operation.query, queryOf(request)),
    body: await bodyOf(operation, request),
  };
  const result = await operation.run({ actor: actor as Actor, ...given, request });
  return result instanceof Response ? result : toResponse(operation, result);
}

function find(request: Request): { operation: Operation; params: Record<string, string> } {
  const { pathname } = new URL(request.url);
  const found = route(operations, request.method, pathname);
  if (found.kind === 'operation') return found;
  if (found.kind === 'nowhere')
    throw new Problem(
      404,
      'no-such-path',
      `There is nothing at ${pathname}. GET /api/openapi.json lists what there is.`,
    );
  throw new Problem(405, 'method-not-allowed', `${pathname} takes ${found.allowed.join(', ')}.`, {
    allowed: found.allowed,
  });
}

/**
 * The cookie is sent by browsers on their own, so a change that comes with one must come from a page of ours. What is
 * open before sign-in may come without an Origin (a script's first call), but not from a foreign page.
 */
function demandSender(operation: Operation, request: Request): void {
  if (operation.method === 'GET' || bearerIn(request.headers) !== null) return;
  const isScript =
    !request.headers.has('cookie') && !request.headers.has('origin') && !request.headers.has('sec-fetch-site');
  if (!isScript) demandOwnOrigin(request.headers);
}

/** A parameter given twice becomes an array, which only a schema that wants one accepts. */
function queryOf(request: Request): Record<string, string | string[]> {
  const { searchParams } = new URL(request.url);
  const entries = [...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name)] as const);
  return Object.fromEntries(entries.map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]));
}

async function bodyOf(operation: Operation, request: Request): Promise<unknown> {
  if (operation.raw) demandType(request, operation.raw);
  return operation.body ? check('body', operation.body, await readJson(request)) : undefined;
}

function check(where: 'path' | 'query' | 'body', schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw invalid(where, parsed.error);
  return parsed.data;
}

function toResponse(operation: Operation, result: unknown): Response {
  const status = operation.status ?? 200;
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  if (status === 204) return new Response(null, { status, headers: { 'cache-control': 'no-store' } });
  return new Response(JSON.stringify(asDescribed(operation, toPlain(result))), { status, headers });
}

/** Only what the schema names goes out. An answer that does not fit is our bug: loud in tests, logged in production. */
function asDescribed(operation: Operation, plain: unknown): unknown {
  const parsed = operation.answer.safeParse(plain);
  if (parsed.success) return parsed.data;
  const message = `${operation.method} ${operation.path} does not answer as described: ${parsed.error.message}`;
  if (process.env.VITEST) throw new Error(message);
  getLodestar().log.error(message);
  return plain;
}

/** As JSON will carry it: dates as ISO text, big integers as numbers where they are exact and as digits where not. */
function toPlain(result: unknown): unknown {
  const text = JSON.stringify(result ?? null, (_, value: unknown) =>
    typeof value === 'bigint' ? exact(value) : value,
  );
  return JSON.parse(text) as unknown;
}

function exact(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

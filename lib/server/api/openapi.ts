import { z } from 'zod';
import type { Operation } from './operation.ts';

/*
 * The description of the surface, made from the very schemas the door checks with. GET /api/openapi.json answers it and
 * docs/openapi.json keeps it, so that a change of the surface shows in review.
 */

type Json = Record<string, unknown>;

export function toOpenApi(operations: Operation[], version: string): Json {
  const paths: Record<string, Json> = {};
  for (const operation of operations)
    (paths[operation.path] ??= {})[operation.method.toLowerCase()] = describe(operation);
  return {
    openapi: '3.1.0',
    info: { title: 'Lodestar', version, description: 'Everything people can do in the pages, for scripts.' },
    security: [{ bearer: [] }, { cookie: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'From POST /api/session, or a personal access token.' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'next-auth.session-token' },
      },
      schemas: { Problem: problem },
      responses: {
        Problem: { description: 'Refused, with the reason.', content: { 'application/problem+json': { schema: ref } } },
      },
    },
  };
}

const ref = { $ref: '#/components/schemas/Problem' };

const problem = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'Stable: scripts may branch on it.' },
    detail: { type: 'string', description: 'What happened and what to do.' },
  },
};

function describe(operation: Operation): Json {
  const parameters = [...fields(operation.params, 'path'), ...fields(operation.query, 'query')];
  const body = requestBody(operation);
  return {
    summary: operation.summary,
    ...(operation.auth === 'none' ? { security: [] } : {}),
    ...(parameters.length ? { parameters } : {}),
    ...(body ? { requestBody: body } : {}),
    responses: { [operation.status ?? 200]: answer(operation), default: { $ref: '#/components/responses/Problem' } },
  };
}

function fields(schema: z.ZodType | undefined, where: 'path' | 'query'): Json[] {
  if (!schema) return [];
  const { properties, required } = toJson(schema, 'input') as { properties?: Json; required?: string[] };
  return Object.entries(properties ?? {}).map(([name, field]) => ({
    name,
    in: where,
    required: where === 'path' || Boolean(required?.includes(name)),
    schema: field,
  }));
}

function requestBody(operation: Operation): Json | null {
  if (operation.raw) return { required: true, content: Object.fromEntries(operation.raw.map((type) => [type, {}])) };
  if (!operation.body) return null;
  return { required: true, content: { 'application/json': { schema: toJson(operation.body, 'input') } } };
}

function answer(operation: Operation): Json {
  if (operation.status === 204) return { description: 'Done.' };
  const json = { 'application/json': { schema: toJson(operation.answer, 'output') } };
  const others = Object.fromEntries((operation.produces ?? []).map((type) => [type, {}]));
  return { description: 'Done.', content: { ...others, ...json } };
}

function toJson(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return json;
}

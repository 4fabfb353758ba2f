import type { z } from 'zod';
import { getLodestar } from '#lib/server/lodestar.ts';
import { Problem } from '#lib/server/problem.ts';

/** Any error as RFC 9457 `application/problem+json`. A bug is logged once here and told to nobody in detail. */
export function toProblemResponse(error: unknown): Response {
  const problem = error instanceof Problem ? error : fromBug(error);
  const { status, code, message: detail, extra } = problem;
  const body = { type: `urn:lodestar:${code}`, title: titles[status] ?? 'Refused', status, code, detail, ...extra };
  const headers = new Headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
  if (typeof extra.retryAfter === 'number') headers.set('retry-after', String(extra.retryAfter));
  if (Array.isArray(extra.allowed)) headers.set('allow', extra.allowed.join(', '));
  if (status === 401) headers.set('www-authenticate', 'Bearer');
  return new Response(JSON.stringify(body), { status, headers });
}

/** What zod found, each with the place people wrote it at. */
export function invalid(where: 'path' | 'query' | 'body', error: z.ZodError): Problem {
  const errors = error.issues.map((issue) => ({ in: where, field: toPath(issue.path), message: issue.message }));
  const [first] = errors;
  const detail = first
    ? `${[first.in, first.field].filter(Boolean).join(' ')}: ${first.message}`
    : 'The request is not as described.';
  return new Problem(400, 'invalid', detail, { errors });
}

/** `cells[0].type` */
function toPath(path: PropertyKey[]): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}

function fromBug(error: unknown): Problem {
  getLodestar().log.error({ err: error }, 'a request failed by a fault of ours');
  return new Problem(
    500,
    'internal',
    'Something went wrong in Lodestar itself. It was logged; try again, and tell its operator if it stays.',
  );
}

const titles: Record<number, string> = {
  400: 'Bad request',
  401: 'Sign-in needed',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Cannot be done',
  429: 'Too many attempts',
  500: 'Internal error',
  503: 'Not available',
};

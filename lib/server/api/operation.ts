import type { z } from 'zod';
import type { Actor } from '#lib/server/access.ts';

/*
 * One promise of the HTTP surface. The list in operations.ts is the surface: it is matched against requests (door.ts),
 * described in OpenAPI (openapi.ts) and walked by a test, all from these same schemas. An operation checks nothing about
 * rights itself: it calls lib/server/data, which refuses.
 */
export interface Operation<P = unknown, Q = unknown, B = unknown, A = unknown> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** OpenAPI form: `/api/projects/{id}`. */
  path: string;
  summary: string;
  /** `none`: answers before sign-in. */
  auth?: 'none';
  params?: z.ZodType<P>;
  query?: z.ZodType<Q>;
  /** A JSON body; `raw` operations read the request's stream themselves. */
  body?: z.ZodType<B>;
  /** Content types of a raw body, streamed and never buffered by the door. */
  raw?: string[];
  /** The JSON answer; a run that returns a Response (rows as Arrow, CSV …) names its types in `produces`. */
  answer: z.ZodType<A>;
  produces?: string[];
  /** 200 unless told. 201 for what was made, 204 without a body. */
  status?: number;
  run(call: Call<P, Q, B>): Promise<A | Response>;
}

export interface Call<P, Q, B> {
  /** Never null unless auth is `none`. */
  actor: Actor;
  params: P;
  query: Q;
  body: B;
  request: Request;
}

/** Infers the types of one operation; changes nothing. */
export function operation<P, Q, B, A>(given: Operation<P, Q, B, A>): Operation<P, Q, B, A> {
  return given;
}

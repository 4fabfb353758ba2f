import { z } from 'zod';
import { addressOf } from '#lib/server/auth/address.ts';
import { endSession, listSessions, startScriptSession } from '#lib/server/data/session.ts';
import { checkCredentials } from '#lib/server/data/user.ts';
import { Problem } from '#lib/server/problem.ts';
import { IdParams, Instant, listOf, ListQuery, Nothing } from './list.ts';
import { operation } from './operation.ts';

const Session = z.object({
  id: z.string(),
  kind: z.enum(['page', 'script']),
  agent: z.string(),
  createdAt: Instant,
  lastSeenAt: Instant,
  expiresAt: Instant,
  current: z.boolean(),
});

export const session = [
  operation({
    method: 'POST',
    path: '/api/session',
    summary: 'Sign in from a script: a bearer token for one day.',
    auth: 'none',
    body: z.object({ email: z.string().max(254), password: z.string().max(200) }),
    answer: z.object({ token: z.string(), expiresAt: Instant }),
    status: 201,
    run: async ({ body, request }) => {
      const user = await checkCredentials({ ...body, address: addressOf(request.headers) });
      if (!user) throw new Problem(401, 'wrong-credentials', 'The e-mail address or the password is wrong.');
      const { token, expiresAt } = await startScriptSession(user.id, request.headers.get('user-agent') ?? '');
      return { token, expiresAt: expiresAt.toISOString() };
    },
  }),
  operation({
    method: 'GET',
    path: '/api/me',
    summary: 'Who is signed in.',
    answer: z.object({ id: z.string(), name: z.string(), email: z.string(), isAdmin: z.boolean() }),
    run: async ({ actor }) => ({ id: actor.userId, name: actor.name, email: actor.email, isAdmin: actor.isAdmin }),
  }),
  operation({
    method: 'GET',
    path: '/api/sessions',
    summary: 'Your sign-ins that still stand.',
    query: ListQuery,
    answer: listOf(Session),
    run: ({ actor, query }) => listSessions(actor, query),
  }),
  operation({
    method: 'DELETE',
    path: '/api/sessions/{id}',
    summary: 'End one of your sign-ins and all that hangs on it.',
    params: IdParams,
    answer: Nothing,
    status: 204,
    run: async ({ actor, params }) => {
      await endSession(actor, params.id);
      return null;
    },
  }),
];

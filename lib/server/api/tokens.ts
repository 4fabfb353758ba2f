import { z } from 'zod';
import { createToken, listTokens, NewToken, revokeToken } from '#lib/server/data/token.ts';
import { IdParams, Instant, listOf, ListQuery, Nothing } from './list.ts';
import { operation } from './operation.ts';

const Token = z.object({
  id: z.string(),
  name: z.string(),
  hint: z.string(),
  createdAt: Instant,
  lastUsedAt: Instant.nullable(),
  expiresAt: Instant.nullable(),
});

export const tokens = [
  operation({
    method: 'GET',
    path: '/api/tokens',
    summary: 'Your personal access tokens.',
    query: ListQuery,
    answer: listOf(Token),
    run: ({ actor, query }) => listTokens(actor, query),
  }),
  operation({
    method: 'POST',
    path: '/api/tokens',
    summary: 'Make a personal access token. The token itself is shown only in this answer.',
    body: NewToken,
    answer: Token.extend({ token: z.string() }),
    status: 201,
    run: ({ actor, body }) => createToken(actor, body),
  }),
  operation({
    method: 'DELETE',
    path: '/api/tokens/{id}',
    summary: 'Revoke a personal access token at once.',
    params: IdParams,
    answer: Nothing,
    status: 204,
    run: async ({ actor, params }) => {
      await revokeToken(actor, params.id);
      return null;
    },
  }),
];

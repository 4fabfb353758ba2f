import { z } from 'zod';
import { addressOf } from '#lib/server/auth/address.ts';
import { completeSetup, Setup } from '#lib/server/data/setup.ts';
import { hasAccounts } from '#lib/server/data/user.ts';
import { operation } from './operation.ts';

export const setup = [
  operation({
    method: 'GET',
    path: '/api/setup',
    summary: 'Whether the first account is still to be made.',
    auth: 'none',
    answer: z.object({ needed: z.boolean() }),
    run: async () => ({ needed: !(await hasAccounts()) }),
  }),
  operation({
    method: 'POST',
    path: '/api/setup',
    summary: 'Make the first account with the one-time token that the server printed.',
    auth: 'none',
    body: Setup,
    answer: z.object({ userId: z.string(), projectId: z.string() }),
    status: 201,
    run: ({ body, request }) => completeSetup(body, addressOf(request.headers)),
  }),
];

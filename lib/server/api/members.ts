import { z } from 'zod';
import { changeRole, listMembers, ProjectRole, removeMember } from '#lib/server/data/member.ts';
import { IdParams, Instant, listOf, Nothing } from './list.ts';
import { operation } from './operation.ts';

const Member = z.object({ userId: z.string(), name: z.string(), email: z.string(), role: ProjectRole, since: Instant });
const MemberParams = IdParams.extend({ userId: z.string().max(100) });

export const members = [
  operation({
    method: 'GET',
    path: '/api/projects/{id}/members',
    summary: 'Who is in a project.',
    params: IdParams,
    answer: listOf(Member),
    run: async ({ actor, params }) => ({ items: await listMembers(actor, params.id), next: null }),
  }),
  operation({
    method: 'PATCH',
    path: '/api/projects/{id}/members/{userId}',
    summary: 'Give a member another role; what they have open follows at once.',
    params: MemberParams,
    body: z.object({ role: ProjectRole }),
    answer: Member,
    run: ({ actor, params, body }) => changeRole(actor, params.id, params.userId, body.role),
  }),
  operation({
    method: 'DELETE',
    path: '/api/projects/{id}/members/{userId}',
    summary: 'Take a member out of a project, or leave it.',
    params: MemberParams,
    answer: Nothing,
    status: 204,
    run: async ({ actor, params }) => {
      await removeMember(actor, params.id, params.userId);
      return null;
    },
  }),
];

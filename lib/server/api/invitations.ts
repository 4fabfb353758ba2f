import { z } from 'zod';
import {
  acceptAsNewPerson,
  acceptInvitation,
  createInvitation,
  listInvitations,
  NewInvitation,
  previewInvitation,
  revokeInvitation,
} from '#lib/server/data/invitation.ts';
import { addressOf } from '#lib/server/auth/address.ts';
import { ProjectRole } from '#lib/server/data/member.ts';
import { NewPerson } from '#lib/server/data/user.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { Problem } from '#lib/server/problem.ts';
import { IdParams, Instant, listOf, Nothing } from './list.ts';
import { operation } from './operation.ts';

const Invitation = z.object({ id: z.string(), role: ProjectRole, createdAt: Instant, expiresAt: Instant });
const InvitationParams = IdParams.extend({ invitationId: z.string().max(100) });
const SecretParams = z.object({ secret: z.string().max(200) });
/** Signed in: an empty object. Otherwise the account to make. */
const Acceptance = NewPerson.partial();

export const invitations = [
  operation({
    method: 'GET',
    path: '/api/projects/{id}/invitations',
    summary: 'Links to a project that can still be used.',
    params: IdParams,
    answer: listOf(Invitation),
    run: async ({ actor, params }) => ({ items: await listInvitations(actor, params.id), next: null }),
  }),
  operation({
    method: 'POST',
    path: '/api/projects/{id}/invitations',
    summary: 'Make a link that lets one person join. Its address is shown only in this answer.',
    params: IdParams,
    body: NewInvitation,
    answer: Invitation.extend({ url: z.url() }),
    status: 201,
    run: ({ actor, params, body }) => createInvitation(actor, params.id, body.role),
  }),
  operation({
    method: 'DELETE',
    path: '/api/projects/{id}/invitations/{invitationId}',
    summary: 'Withdraw a link.',
    params: InvitationParams,
    answer: Nothing,
    status: 204,
    run: async ({ actor, params }) => {
      await revokeInvitation(actor, params.id, params.invitationId);
      return null;
    },
  }),
  operation({
    method: 'GET',
    path: '/api/invitations/{secret}',
    summary: 'Whether a link is good; once signed in, what it leads to.',
    auth: 'none',
    params: SecretParams,
    answer: z.object({ valid: z.literal(true), role: ProjectRole.optional(), project: z.string().optional() }),
    run: ({ actor, params, request }) => guarded(request, () => previewInvitation(actor, params.secret)),
  }),
  operation({
    method: 'POST',
    path: '/api/invitations/{secret}/accept',
    summary: 'Join: as who is signed in, or with a new account of the given name, e-mail and password.',
    auth: 'none',
    params: SecretParams,
    body: Acceptance,
    answer: z.object({ projectId: z.string(), userId: z.string() }),
    run: ({ actor, params, body, request }) =>
      guarded(request, () =>
        actor ? acceptInvitation(actor, params.secret) : acceptAsNewPerson(demandPerson(body), params.secret),
      ),
  }),
];

function demandPerson(body: z.infer<typeof Acceptance>): NewPerson {
  const parsed = NewPerson.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new Problem(400, 'account-needed', 'Sign in first, or send name, e-mail and password for a new account.');
}

/** Wrong secrets count as wrong attempts. */
async function guarded<T>(request: Request, work: () => Promise<T>): Promise<T> {
  let spent: Problem | undefined;
  const result = await getLodestar().limits.attempt({ address: addressOf(request.headers) }, async () => {
    try {
      return { value: await work() };
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'invitation-spent') throw error;
      spent = error;
      return null;
    }
  });
  if (!result) throw spent ?? new Error('An attempt without an outcome.');
  return result.value;
}

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { makeActor, makeMember, makeProject, pageHeaders } from '#lib/testing/people.ts';
import { startCluster, whyNoPostgres, type Cluster } from '#lib/testing/postgres.ts';
import { read, send } from '#lib/testing/requests.ts';
import type { Actor } from '#lib/server/access.ts';
import {
  acceptAsNewPerson,
  acceptInvitation,
  createInvitation,
  previewInvitation,
  revokeInvitation,
} from './invitation.ts';
import { changeRole, listMembers, removeMember } from './member.ts';
import { createNotebook } from './notebook.ts';
import { changeProject, createProject, listProjects, readProject } from './project.ts';

const why = await whyNoPostgres();
if (why) test.skip(`members on PostgreSQL did not run: ${why}`, () => {});

let cluster: Cluster | undefined;
beforeAll(async () => {
  if (!why) cluster = await startCluster();
});
afterAll(() => cluster?.close());

describe.each(why ? ['PGlite'] : ['PGlite', 'PostgreSQL'])('on %s', (kind) => {
  let lodestar: TestLodestar;
  let owner: Actor;
  let editor: Actor;
  let reader: Actor;
  let stranger: Actor;
  let id: string;
  let clock = new Date();

  beforeAll(async () => {
    const postgres = kind === 'PostgreSQL' ? await cluster!.database() : undefined;
    lodestar = await startLodestar({ now: () => clock, ...(postgres ? { postgres } : {}) });
  });
  afterAll(() => lodestar.close());
  beforeEach(async () => {
    [owner, editor, reader, stranger] = [await makeActor(), await makeActor(), await makeActor(), await makeActor()];
    ({ id } = await makeProject(owner));
    await makeMember(id, editor, 'editor');
    await makeMember(id, reader, 'reader');
  });

  const secretOf = (url: string) => url.split('/').at(-1) ?? '';
  const refused = (status: number, code?: string) =>
    expect.objectContaining({ status, ...(code ? { code } : {}) }) as Error;

  test('the data functions themselves refuse who may not', async () => {
    await expect(readProject(stranger, id)).rejects.toEqual(refused(404));
    await expect(listMembers(stranger, id)).rejects.toEqual(refused(404));
    await expect(createNotebook(stranger, id, { title: 'x', cells: [] })).rejects.toEqual(refused(404));
    await expect(createNotebook(reader, id, { title: 'x', cells: [] })).rejects.toEqual(refused(403));
    for (const actor of [editor, reader]) {
      await expect(changeProject(actor, id, { name: 'x' })).rejects.toEqual(refused(403));
      await expect(changeRole(actor, id, actor.userId, 'owner')).rejects.toEqual(refused(403));
      await expect(removeMember(actor, id, owner.userId)).rejects.toEqual(refused(403));
      await expect(createInvitation(actor, id, 'reader')).rejects.toEqual(refused(403));
    }
  });

  test('a list holds only what one may read; an administrator reads all', async () => {
    expect((await listProjects(stranger)).items).toEqual([]);
    expect((await listProjects(reader)).items).toMatchObject([{ id, role: 'reader' }]);
    expect((await listProjects(await makeActor({ isAdmin: true }), { limit: 200 })).items).toContainEqual(
      expect.objectContaining({ id, role: 'owner' }),
    );
  });

  test('who makes a project owns it', async () => {
    const made = await createProject(stranger, { name: 'Mine', timeZone: 'UTC' });
    expect(await readProject(stranger, made.id)).toMatchObject({ role: 'owner' });
  });

  test('the last owner can neither leave nor step down', async () => {
    await expect(removeMember(owner, id, owner.userId)).rejects.toEqual(refused(409, 'last-owner'));
    await expect(changeRole(owner, id, owner.userId, 'reader')).rejects.toEqual(refused(409, 'last-owner'));
    expect(await readProject(owner, id)).toMatchObject({ role: 'owner' });
  });

  test('of two owners who leave at once, one stays', async () => {
    await changeRole(owner, id, editor.userId, 'owner');
    const results = await Promise.allSettled([
      removeMember(owner, id, owner.userId),
      removeMember(editor, id, editor.userId),
    ]);
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  });

  test('a role that was taken away is gone at once, and open notebooks are told', async () => {
    const told: object[] = [];
    const { rooms } = lodestar;
    lodestar.rooms = { ...rooms, recheck: async (who) => void told.push(who) };
    await removeMember(owner, id, reader.userId);
    lodestar.rooms = rooms;
    await expect(readProject(reader, id)).rejects.toEqual(refused(404));
    expect(told).toEqual([{ userId: reader.userId, projectId: id }]);
  });

  test('one may leave by oneself', async () => {
    await removeMember(reader, id, reader.userId);
    await expect(readProject(reader, id)).rejects.toEqual(refused(404));
  });

  test('a link lets one person in, once', async () => {
    const { url } = await createInvitation(owner, id, 'editor');
    expect(await acceptInvitation(stranger, secretOf(url))).toEqual({ projectId: id, userId: stranger.userId });
    expect(await readProject(stranger, id)).toMatchObject({ role: 'editor' });
    await expect(acceptInvitation(await makeActor(), secretOf(url))).rejects.toEqual(refused(404, 'invitation-spent'));
  });

  test('an owner who was removed or is none any more cannot come back by a link of their own', async () => {
    const second = await makeActor();
    await makeMember(id, second, 'owner');
    const [own, others] = [await createInvitation(second, id, 'owner'), await createInvitation(owner, id, 'reader')];
    await changeRole(owner, id, second.userId, 'editor');
    await removeMember(owner, id, second.userId);
    await expect(acceptInvitation(second, secretOf(own.url))).rejects.toEqual(refused(404, 'invitation-spent'));
    await expect(acceptInvitation(stranger, secretOf(others.url))).resolves.toMatchObject({ projectId: id });
  });

  test('of two who use a link at once, one is let in', async () => {
    const { url } = await createInvitation(owner, id, 'reader');
    const two = [await makeActor(), await makeActor()];
    const results = await Promise.allSettled(two.map((actor) => acceptInvitation(actor, secretOf(url))));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  });

  test('a link that was withdrawn or has run out lets nobody in', async () => {
    const withdrawn = await createInvitation(owner, id, 'reader');
    await revokeInvitation(owner, id, withdrawn.id);
    await expect(acceptInvitation(stranger, secretOf(withdrawn.url))).rejects.toEqual(refused(404, 'invitation-spent'));
    const late = await createInvitation(owner, id, 'reader');
    clock = new Date(clock.getTime() + 8 * 86_400_000);
    await expect(acceptInvitation(stranger, secretOf(late.url))).rejects.toEqual(refused(404, 'invitation-spent'));
  });

  test('one who is already in does not use up the link', async () => {
    const { url } = await createInvitation(owner, id, 'owner');
    await expect(acceptInvitation(reader, secretOf(url))).rejects.toEqual(refused(409, 'already-member'));
    expect(await readProject(reader, id)).toMatchObject({ role: 'reader' });
    await acceptInvitation(stranger, secretOf(url));
  });

  test('before sign-in a link tells only that it is good', async () => {
    const { url } = await createInvitation(owner, id, 'editor');
    expect(await previewInvitation(null, secretOf(url))).toEqual({ valid: true });
    expect(await previewInvitation(stranger, secretOf(url))).toEqual({ valid: true, role: 'editor', project: 'Shop' });
  });

  test('a link makes an account, but not for an e-mail that has one', async () => {
    const { url } = await createInvitation(owner, id, 'reader');
    const person = { name: 'New', email: stranger.email, password: 'correct horse battery' };
    await expect(acceptAsNewPerson(person, secretOf(url))).rejects.toEqual(refused(409, 'email-taken'));
    const { userId } = await acceptAsNewPerson({ ...person, email: `new-${id}@shop.example` }, secretOf(url));
    expect(await lodestar.db.user.findUnique({ where: { id: userId } })).toMatchObject({ isAdmin: false });
    expect((await listMembers(owner, id)).find((member) => member.userId === userId)).toMatchObject({ role: 'reader' });
  });

  test('only the hash of a link is kept', async () => {
    const { url } = await createInvitation(owner, id, 'reader');
    expect(JSON.stringify(await lodestar.db.invitation.findMany())).not.toContain(secretOf(url));
  });

  test('over HTTP: a stranger makes an account by link and is refused twice', async () => {
    const headers = await pageHeaders(owner);
    const { body } = await read<{ url: string }>(
      send(`/api/projects/${id}/invitations`, { method: 'POST', headers, body: { role: 'reader' } }),
    );
    const accept = `/api/invitations/${secretOf(body.url)}/accept`;
    expect(await read(send(accept, { method: 'POST', body: {} }))).toMatchObject({
      status: 400,
      body: { code: 'account-needed' },
    });
    const person = { name: 'New', email: `http-${id}@shop.example`, password: 'correct horse battery' };
    expect((await send(accept, { method: 'POST', body: person })).status).toBe(200);
    expect((await send(accept, { method: 'POST', body: person })).status).toBe(404);
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLodestar, testUrl, type TestLodestar } from '#lib/testing/lodestar.ts';
import {
  bearerHeaders,
  makeActor,
  makeMember,
  makeNotebookRow,
  makeProject,
  pageHeaders,
} from '#lib/testing/people.ts';
import { read, send } from '#lib/testing/requests.ts';
import type { Actor } from '#lib/server/access.ts';
import { maxJsonBytes } from './body.ts';

let lodestar: TestLodestar;
let owner: Actor;
let reader: Actor;
let stranger: Actor;
let project: { id: string };
beforeAll(async () => {
  lodestar = await startLodestar();
  owner = await makeActor();
  reader = await makeActor();
  stranger = await makeActor();
  project = await makeProject(owner);
  await makeMember(project.id, reader, 'reader');
});
afterAll(() => lodestar.close());

describe('which operation', () => {
  test('an unknown path is 404, a known one under a wrong method 405 with Allow', async () => {
    expect(await read(send('/api/nothing'))).toMatchObject({ status: 404, body: { code: 'no-such-path' } });
    const wrong = await send('/api/projects', { method: 'PUT' });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, POST']);
  });

  test('HEAD answers as GET without a body', async () => {
    const response = await send('/api/health', { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  test('a refusal is problem+json with a stable code and a sentence', async () => {
    const response = await send('/api/projects');
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toEqual({
      type: 'urn:lodestar:sign-in-needed',
      title: 'Sign-in needed',
      status: 401,
      code: 'sign-in-needed',
      detail: expect.stringContaining('Bearer') as string,
    });
  });
});

describe('who sent it', () => {
  const body = { name: 'New' };
  const post = async (headers: Record<string, string>) =>
    (await send('/api/projects', { method: 'POST', headers, body })).status;

  test('a page of ours may change things by cookie', async () => {
    expect(await post(await pageHeaders(owner))).toBe(201);
  });

  test.each([
    ['a foreign Origin', { origin: 'https://evil.example' }],
    ['an Origin of null', { origin: 'null' }],
    ['our name at another port', { origin: `${testUrl}:8443` }],
    ['our own Origin but a cross-site fetch', { origin: testUrl, 'sec-fetch-site': 'cross-site' }],
    ['our own Origin but a sibling site', { origin: testUrl, 'sec-fetch-site': 'same-site' }],
  ])('%s with the cookie is refused', async (_, headers) => {
    const { cookie } = await pageHeaders(owner);
    expect(await post({ cookie, ...headers })).toBe(403);
  });

  test('the cookie without an Origin is refused', async () => {
    const { cookie } = await pageHeaders(owner);
    expect(await post({ cookie })).toBe(403);
  });

  test('a script with a bearer token needs no Origin', async () => {
    expect(await post(await bearerHeaders(owner))).toBe(201);
    expect(await post({ ...(await bearerHeaders(owner)), origin: 'https://a-tool.example' })).toBe(201);
  });

  test('a foreign page cannot try passwords, a script can', async () => {
    const sent = { method: 'POST', body: { email: 'a@b.example', password: 'x' } };
    expect((await send('/api/session', { ...sent, headers: { origin: 'https://evil.example' } })).status).toBe(403);
    expect((await send('/api/session', sent)).status).toBe(401);
  });

  test('a change that is refused has not happened', async () => {
    const { cookie } = await pageHeaders(owner);
    const before = await lodestar.db.project.count();
    await post({ cookie, origin: 'https://evil.example' });
    expect(await lodestar.db.project.count()).toBe(before);
  });
});

describe('who asks', () => {
  test('an ended session and an expired one are nobody', async () => {
    const person = await makeActor();
    const headers = await pageHeaders(person);
    expect((await send('/api/me', { headers })).status).toBe(200);
    await lodestar.db.session.update({ where: { id: person.via.id }, data: { expiresAt: new Date(0) } });
    expect((await send('/api/me', { headers })).status).toBe(401);
  });

  test('a stranger cannot tell what exists from what does not', async () => {
    const headers = await pageHeaders(stranger);
    const notebook = await makeNotebookRow(project.id, owner);
    for (const [there, gone] of [
      [`/api/projects/${project.id}`, '/api/projects/nothing'],
      [`/api/projects/${project.id}/members`, '/api/projects/nothing/members'],
      [`/api/notebooks/${notebook.id}`, '/api/notebooks/nothing'],
    ] as const)
      expect(await read(send(there, { headers }))).toEqual(await read(send(gone, { headers })));
  });

  test('a reader may not edit, an editor may not own', async () => {
    const headers = await bearerHeaders(reader);
    const add = { method: 'POST', headers, body: { title: 'Mine' } };
    expect(await read(send(`/api/projects/${project.id}/notebooks`, add))).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
    const editor = await makeActor();
    await makeMember(project.id, editor, 'editor');
    const invite = { method: 'POST', headers: await bearerHeaders(editor), body: { role: 'owner' } };
    expect((await send(`/api/projects/${project.id}/invitations`, invite)).status).toBe(403);
  });
});

describe('what was sent', () => {
  const post = async (body: unknown, extra: Record<string, string> = {}) =>
    read(
      await send(`/api/projects/${project.id}/notebooks`, {
        method: 'POST',
        headers: { ...(await bearerHeaders(owner)), ...extra },
        body,
      }),
    );

  test('text that is no JSON', async () => {
    expect(await post('{"title":')).toMatchObject({
      status: 400,
      body: { code: 'bad-request', detail: expect.stringMatching(/no JSON/) as string },
    });
  });

  test('the wrong fields are named', async () => {
    const { status, body } = await post({ title: 'T', cells: [{ type: 'sql' }, { type: 'cobol', name: '1x' }] });
    expect(status).toBe(400);
    expect(body.errors).toEqual([
      { in: 'body', field: 'cells[1].type', message: expect.any(String) as string },
      { in: 'body', field: 'cells[1].name', message: 'a letter or _, then letters, digits and _' },
    ]);
  });

  test('another content type than JSON', async () => {
    expect((await post('title=T', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415);
    expect((await post('{"title":"T"}', { 'content-type': 'text/plain' })).status).toBe(415);
  });

  test('a body larger than the limit', async () => {
    expect(await post(`"${'x'.repeat(maxJsonBytes)}"`)).toMatchObject({
      status: 413,
      body: { code: 'too-large', limit: maxJsonBytes },
    });
  });

  test('a query that is not as described', async () => {
    const headers = await bearerHeaders(owner);
    expect(await read(send('/api/projects?limit=1000', { headers }))).toMatchObject({
      status: 400,
      body: { errors: [{ in: 'query', field: 'limit' }] },
    });
    expect((await send('/api/projects?limit=1&limit=2', { headers })).status).toBe(400);
  });
});

test('a list comes in parts and ends with next null', async () => {
  type Page = { items: { name: string }[]; next: string | null };
  const person = await makeActor();
  const names = ['A', 'B', 'C', 'D', 'E'];
  for (const name of names) await makeProject(person, { name });
  const headers = await bearerHeaders(person);
  const part = async (query: string): Promise<Page> =>
    (await read<Page>(send(`/api/projects?limit=2${query}`, { headers }))).body;
  const parts = [await part('')];
  for (let last = parts[0]; last?.next; last = parts.at(-1)) parts.push(await part(`&cursor=${last.next}`));
  expect(parts.map((page) => page.items.map((item) => item.name))).toEqual([['A', 'B'], ['C', 'D'], ['E']]);
});

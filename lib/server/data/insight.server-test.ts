import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EventInput } from '#lib/telemetry/event.ts';
import { startLodestar, type TestLodestar } from '#lib/testing/lodestar.ts';
import { makeActor, makeMember, makeNotebookRow, makeProject } from '#lib/testing/people.ts';
import { eventLimits, noteEvents } from './event.ts';
import { projectInsight, workspaceInsight } from './insight.ts';

let lodestar: TestLodestar;
let clock = new Date('2026-10-19T12:00:00Z');
beforeAll(async () => {
  lodestar = await startLodestar({ now: () => clock });
});
afterAll(() => lodestar.close());

const chart = (notebookId: string, given: object = {}): EventInput => ({
  notebookId,
  cellId: 'c1',
  fact: { kind: 'chart-shown', type: 'line', grouped: false, sorted: false, titled: false, ...given },
});
const run = (notebookId: string, given: object = {}): EventInput => ({
  notebookId,
  cellId: 'c1',
  fact: {
    kind: 'cell-run',
    cellType: 'sql',
    engine: 'browser',
    state: 'good',
    took: 10,
    rows: 1,
    complete: true,
    sqlHash: 'a'.repeat(64),
    ...given,
  },
});

async function shop(timeZone = 'UTC') {
  const owner = await makeActor({ name: 'Mei' });
  const project = await makeProject(owner, { timeZone });
  const notebook = await makeNotebookRow(project.id, owner, 'Free shipping');
  return { owner, project, notebook };
}

test('who and when are stamped by the server, whatever the page says', async () => {
  const { owner, project, notebook } = await shop();
  const lie = { ...chart(notebook.id), userId: 'someone-else', at: '1999-01-01' } as EventInput;
  expect(await noteEvents(owner, project.id, [lie])).toBe(1);
  const [row] = await lodestar.db.event.findMany({ where: { projectId: project.id } });
  expect(row).toMatchObject({ userId: owner.userId, notebookId: notebook.id, cellId: 'c1', kind: 'chart-shown' });
  expect(row?.at).toEqual(clock);
  expect(row?.fields).toEqual({ type: 'line', grouped: false, sorted: false, titled: false });
});

test('a reader may note and read, a stranger neither', async () => {
  const { project, notebook } = await shop();
  const [reader, stranger] = [await makeActor(), await makeActor()];
  await makeMember(project.id, reader, 'reader');
  expect(await noteEvents(reader, project.id, [chart(notebook.id)])).toBe(1);
  expect((await projectInsight(reader, project.id)).charts.shown).toBe(1);
  await expect(noteEvents(stranger, project.id, [chart(notebook.id)])).rejects.toMatchObject({ status: 404 });
  await expect(projectInsight(stranger, project.id)).rejects.toMatchObject({ status: 404 });
});

test('an event about a notebook of another project is refused, and nothing of the call is stored', async () => {
  const [here, elsewhere] = [await shop(), await shop()];
  const mixed = [chart(here.notebook.id), chart(elsewhere.notebook.id)];
  await expect(noteEvents(here.owner, here.project.id, mixed)).rejects.toMatchObject({ status: 400 });
  expect(await lodestar.db.event.count({ where: { projectId: here.project.id } })).toBe(0);
});

test('more than a call may carry is refused; a flood is slowed for its sender alone', async () => {
  const { owner, project, notebook } = await shop();
  const full = Array.from({ length: eventLimits.perCall }, () => chart(notebook.id));
  await expect(noteEvents(owner, project.id, [...full, chart(notebook.id)])).rejects.toMatchObject({ status: 400 });
  for (let sent = 0; sent < eventLimits.perMinute; sent += full.length) await noteEvents(owner, project.id, full);
  await expect(noteEvents(owner, project.id, full)).rejects.toMatchObject({ status: 429, code: 'too-many-events' });
  const other = await makeActor();
  await makeMember(project.id, other, 'editor');
  expect(await noteEvents(other, project.id, full)).toBe(full.length);
});

test('what the page says equals an independent count of the stored rows', async () => {
  const { owner, project, notebook } = await shop();
  const second = await makeNotebookRow(project.id, owner, 'Late parcels');
  const joris = await makeActor({ name: 'Joris' });
  await makeMember(project.id, joris, 'editor');
  const types = ['line', 'bar', 'area', 'number'] as const;
  for (let n = 0; n < 60; n += 1) {
    clock = new Date(Date.UTC(2026, 9, 10 + (n % 7), n % 24));
    const who = n % 3 ? owner : joris;
    const where = n % 4 ? notebook.id : second.id;
    const kind = n % 5 ? 'chart-shown' : 'chart-edited';
    await noteEvents(who, project.id, [
      chart(where, { kind, type: types[n % 4], grouped: n % 2 === 0, sorted: n % 6 === 0, titled: n % 7 === 0 }),
      run(where, { state: n % 9 ? 'good' : 'failed', took: n }),
    ]);
  }
  clock = new Date('2026-10-19T12:00:00Z');
  const insight = await projectInsight(owner, project.id, { from: '2026-10-10', to: '2026-10-20' });
  const rows = await lodestar.db.event.findMany({ where: { projectId: project.id } });
  const fields = rows.map((row) => ({ ...row, f: row.fields as Record<string, unknown> }));
  const charts = fields.filter((row) => row.kind.startsWith('chart-'));
  expect(insight.events).toBe(rows.length);
  expect(insight.charts.shown).toBe(charts.filter((row) => row.kind === 'chart-shown').length);
  expect(insight.charts.edited).toBe(charts.filter((row) => row.kind === 'chart-edited').length);
  for (const feature of ['grouped', 'sorted', 'titled'] as const) {
    expect(insight.charts[feature]).toBe(charts.filter((row) => row.f[feature] === true).length);
  }
  for (const { type, shown, edited } of insight.charts.types) {
    expect(shown + edited).toBe(charts.filter((row) => row.f['type'] === type).length);
  }
  for (const { userId, charts: drawn } of insight.charts.who) {
    expect(drawn).toBe(charts.filter((row) => row.userId === userId).length);
  }
  expect(insight.runs.failed).toBe(fields.filter((row) => row.f['state'] === 'failed').length);
  expect(insight.names.people[joris.userId]).toBe('Joris');
  expect(insight.names.notebooks[second.id]).toBe('Late parcels');
});

test('a day is a day of the project’s zone', async () => {
  const { owner, project, notebook } = await shop('Asia/Tokyo');
  clock = new Date('2026-10-19T15:30:00Z');
  await noteEvents(owner, project.id, [chart(notebook.id)]);
  const { days } = await projectInsight(owner, project.id, { from: '2026-10-19', to: '2026-10-21' });
  expect(days.map((day) => [day.day, day.shown])).toEqual([
    ['2026-10-19', 0],
    ['2026-10-20', 1],
  ]);
  clock = new Date('2026-10-19T12:00:00Z');
});

test('slow queries are told by hash with the median of their good runs', async () => {
  const { owner, project, notebook } = await shop();
  const b = 'b'.repeat(64);
  await noteEvents(owner, project.id, [
    ...[10, 30, 20].map((took) => run(notebook.id, { took })),
    run(notebook.id, { sqlHash: b, took: 900 }),
    run(notebook.id, { sqlHash: b, took: 90_000, state: 'failed' }),
  ]);
  const { slow } = await projectInsight(owner, project.id);
  expect(slow.map(({ sqlHash, runs, took }) => [sqlHash[0], runs, took])).toEqual([
    ['b', 1, 900],
    ['a', 3, 20],
  ]);
});

test('the workspace adds up the projects one may read, and no other', async () => {
  const [mine, other] = [await shop(), await shop()];
  await noteEvents(mine.owner, mine.project.id, [chart(mine.notebook.id)]);
  await noteEvents(other.owner, other.project.id, [chart(other.notebook.id)]);
  expect((await workspaceInsight(mine.owner)).charts.shown).toBe(1);
  const admin = await makeActor({ isAdmin: true });
  const { charts } = await workspaceInsight(admin, { from: '2026-10-01', to: '2026-10-21' });
  expect(charts.shown).toBe(await lodestar.db.event.count({ where: { kind: 'chart-shown' } }));
  expect((await workspaceInsight(await makeActor())).events).toBe(0);
});

test('days that make no span are refused with what to do', async () => {
  const { owner, project } = await shop();
  for (const asked of [
    { from: '2026-10-19', to: '2026-10-19' },
    { from: '2020-01-01', to: '2026-01-01' },
    { from: 'yesterday' },
    { to: 'never' },
  ]) {
    await expect(projectInsight(owner, project.id, asked)).rejects.toMatchObject({ status: 400 });
  }
});

import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '#lib/testing/browser.ts';
import { signedIn, startProduct, type Product } from '#lib/testing/product.ts';
import { visit, type Visitor } from '#lib/testing/visitor.ts';

/*
 * From a stream to a number that moves, in the page: a query over a window is verified, promoted, proven by replay, approved,
 * and its answers are seen to come and to be corrected. No clock is held: events carry their times, and the stream waits so
 * long for silent sources that only events move its watermark.
 */
let product: Product;
let browser: Browser;
let visitor: Visitor;
let api: Awaited<ReturnType<typeof signedIn>>;
let projectId: string;
let streamId: string;
let notebookId: string;
let readerId: string;

interface Listed {
  items: { id: string; name: string; state: string; kind: string; version: number }[];
}

const size = 10_000;
/** The start of the first window that has events. */
const base = Math.floor((Date.now() - 300_000) / size) * size;
let sent = 0;

/** Events in the windows of these numbers, each worth one euro more than the one before it. */
async function push(...windows: number[]): Promise<void> {
  const events = windows.map((window) => {
    sent += 1;
    const time = new Date(base + window * size + (sent % 9) * 1000).toISOString();
    return { id: `e${sent}`, time, page: sent % 2 ? '/basket' : '/home', cents: sent * 100 };
  });
  await api.post(`/api/streams/${streamId}/events`, events);
}

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  api = await signedIn(product.url);
  projectId = (await api.get<Listed>('/api/projects')).items[0]?.id ?? '';
  const stream = { name: 'visits', eventTime: 'time', key: 'id', idle: 3600 };
  streamId = (await api.post<{ id: string }>(`/api/projects/${projectId}/streams`, stream)).id;
  await push(0, 0, 1, 2, 2, 2, 3);
  notebookId = await makeNotebook('Visits', [
    timestamp('window_start', base),
    timestamp('window_end', base + size),
    {
      type: 'sql',
      name: 'by_page',
      engine: 'warehouse',
      source: `SELECT page, count(*) AS visits, sum(cents) AS cents
FROM visits
WHERE time >= {{window_start}} AND time < {{window_end}}
GROUP BY page`,
    },
    {
      type: 'sql',
      name: 'clean',
      engine: 'warehouse',
      source: 'SELECT page, count(*) AS visits FROM visits GROUP BY page',
    },
  ]);
  visitor = await visit(browser, product.url);
  await visitor.signIn();
});

afterAll(async () => {
  await browser?.close();
  await product?.close();
});

describe('a query over a window of a stream is promoted', () => {
  test('it is tried and replayed: as events come it gives what it gives in batch', async () => {
    const { page } = visitor;
    await visitor.openNotebook(notebookId);
    await visitor.run('by_page');
    await visitor.reaches('by_page', 'good');
    const dialog = await promote('by_page');
    await dialog.getByLabel('Output').fill('pages_10s');
    expect(await dialog.getByRole('radio', { name: 'As events come' }).isChecked()).toBe(true);
    expect(await dialog.getByRole('radio', { name: 'Each window' }).isChecked()).toBe(true);
    await dialog.getByLabel('Window', { exact: true }).selectOption({ label: '10 s' });
    await dialog.getByLabel('Waits for stragglers').fill('0');
    await dialog.getByRole('radio', { name: 'Correct it' }).click();
    await dialog.getByRole('radio', { name: 'The beginning' }).click();
    await dialog.getByRole('button', { name: 'Freeze and try' }).click();
    await page.waitForURL('**/promotions/*', { timeout: 90_000 });
    await page.getByText('As events come and in batch: nothing differs.').waitFor();
    await page.getByRole('region', { name: 'Replay compared with batch' }).getByText('page').first().waitFor();
    await page
      .getByText(/late events correct it for 10 min/i)
      .first()
      .waitFor();
  });

  test('it is approved, and its windows are answered', async () => {
    await approve(visitor.page);
    await visitor.page.waitForURL('**/jobs/*');
    await visitor.page
      .getByText(/^live:/)
      .first()
      .waitFor({ timeout: 30_000 });
    await windowRow(visitor.page, 2).getByText('good').waitFor({ timeout: 30_000 });
    expect(await windowRow(visitor.page, 0).innerText()).toMatch(/good/);
  });

  test('the open window is shown as what it is', async () => {
    const { page } = visitor;
    await windowRow(page, 3).getByText('so far').first().waitFor({ timeout: 30_000 });
    await page
      .getByRole('complementary')
      .getByText(/provisional/)
      .waitFor();
    await page.locator('.only-w .prov').waitFor();
  });
});

describe('its numbers move by themselves', () => {
  let reader: Visitor;

  beforeAll(async () => {
    readerId = await makeNotebook('Reads the job', [
      {
        type: 'sql',
        name: 'total',
        engine: 'browser',
        source: 'SELECT sum(visits) AS visits, count(DISTINCT window_start) AS windows FROM pages_10s',
      },
      {
        type: 'sql',
        name: 'windows',
        engine: 'browser',
        source: 'SELECT window_start, sum(visits) AS visits FROM pages_10s GROUP BY 1 ORDER BY 1',
      },
      { type: 'chart', name: 'drawn', chart: { from: 'windows', type: 'bar', x: 'window_start', y: 'visits' } },
    ]);
    reader = await visit(browser, product.url);
    await reader.signIn();
    await reader.openNotebook(readerId);
    await reader.reaches('total', 'good');
    await reader.reaches('drawn', 'good');
  });

  test('a window that closes is on the job page, in a cell and in a chart', async () => {
    expect((await reader.rows('total'))[0]).toContain('6');
    const marks = () => reader.cell('drawn').locator('.vega .mark-rect.role-mark path').count();
    await expect.poll(marks, { timeout: 30_000 }).toBeGreaterThan(0);
    const before = await marks();
    await push(3, 4);
    await windowRow(visitor.page, 3).getByText('good').waitFor({ timeout: 30_000 });
    await expect.poll(async () => (await reader.rows('total'))[0], { timeout: 30_000 }).toContain('8');
    await expect.poll(marks, { timeout: 30_000 }).toBe(before + 1);
  });

  test('a late event corrects its window: it is marked, and the numbers follow', async () => {
    const { page } = visitor;
    await push(1);
    await windowRow(page, 1).getByText('good, corrected').waitFor({ timeout: 30_000 });
    await windowRow(page, 1)
      .getByText(/1 came late/)
      .waitFor();
    await page.locator('.only-w path.again').waitFor({ state: 'attached' });
    await expect.poll(async () => (await reader.rows('total'))[0], { timeout: 30_000 }).toContain('9');
  });

  test('a dataset’s page follows it too', async () => {
    const { page } = reader;
    const { items } = await api.get<Listed>(`/api/projects/${projectId}/datasets`);
    const { id, version } = items.find(({ name }) => name === 'pages_10s')!;
    await page.goto(`/datasets/${id}`);
    await page.locator('.status').getByText('live').waitFor();
    const published = page.locator('.facts > div').filter({ hasText: 'Published' });
    expect(await published.innerText()).toContain(String(version));
    await push(5);
    await expect.poll(() => published.innerText(), { timeout: 30_000 }).toContain(String(version + 1));
    await reader.leave();
  });
});

describe('a query over each event', () => {
  test('is refused where it puts events together, with a way out', async () => {
    await visitor.openNotebook(notebookId);
    const dialog = await promote('clean');
    expect(await dialog.getByRole('radio', { name: 'Each event' }).isChecked()).toBe(true);
    await dialog.getByRole('button', { name: 'Freeze and try' }).click();
    await dialog.getByText(/puts events together/).waitFor({ timeout: 60_000 });
    await dialog.getByRole('button', { name: 'Make it one answer a minute' }).waitFor();
    await dialog.getByRole('button', { name: 'Not now' }).click();
  });

  test('is accepted where it treats each by itself, and follows the stream', async () => {
    const { page } = visitor;
    await visitor.type('clean', 'SELECT id, upper(page) AS page, cents / 100 AS euros FROM visits');
    await page.keyboard.press('Escape');
    await page.locator('.status').getByText('Stored').waitFor();
    const dialog = await promote('clean');
    await dialog.getByLabel('Output').fill('visits_clean');
    await dialog.getByRole('radio', { name: 'The beginning' }).click();
    await dialog.getByRole('button', { name: 'Freeze and try' }).click();
    await page.waitForURL('**/promotions/*', { timeout: 90_000 });
    await page.getByText('As events come and in batch: nothing differs.').waitFor();
    await approve(page);
    await page.waitForURL('**/jobs/*');
    await expect.poll(() => rowsOf('visits_clean'), { timeout: 30_000 }).toBe(sent);
    await push(5, 6);
    await expect.poll(() => rowsOf('visits_clean'), { timeout: 30_000 }).toBe(sent);
    await expect.poll(() => eventsShown(page), { timeout: 30_000 }).toBe(sent);
  });

  test('is one answer a minute with one press', async () => {
    const { page } = visitor;
    await visitor.openNotebook(notebookId);
    await visitor.type('clean', 'SELECT page, count(*) AS visits FROM visits GROUP BY page');
    await page.keyboard.press('Escape');
    await page.locator('.status').getByText('Stored').waitFor();
    const dialog = await promote('clean');
    await dialog.getByLabel('Output').fill('pages_minute');
    await dialog.getByRole('button', { name: 'Freeze and try' }).click();
    await dialog.getByRole('button', { name: 'Make it one answer a minute' }).click({ timeout: 60_000 });
    await page.waitForURL('**/promotions/*', { timeout: 90_000 });
    await page.getByText('{{window_start}}').first().waitFor();
    await page.getByText('Answers for each minute').first().waitFor();
  });
});

describe('a real-time job is held and let go', () => {
  test('paused, it answers nothing and says what waits; resumed, it goes on', async () => {
    const { page } = visitor;
    await page.goto(`/jobs/${await jobOf('pages_10s')}`);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('paused; nothing waits').waitFor();
    await push(7, 8);
    await page.getByText('paused; 2 events wait').waitFor({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Resume' }).click();
    await windowRow(page, 7).getByText('good').waitFor({ timeout: 30_000 });
  });

  test('drained, it answers what has come, open windows too, and rests', async () => {
    const { page } = visitor;
    await page.getByRole('button', { name: 'Drain' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Drain and pause' }).click();
    await page.getByText('paused; nothing waits').waitFor({ timeout: 30_000 });
    await windowRow(page, 8).getByText('warned').waitFor({ timeout: 30_000 });
  });

  test('the list of jobs says how each stands', async () => {
    const { page } = visitor;
    await page.goto(`/projects/${projectId}/jobs`);
    await page.getByRole('row').filter({ hasText: 'pages_10s' }).getByText('paused; nothing waits').waitFor();
    await page.getByRole('row').filter({ hasText: 'visits_clean' }).getByText(/^live/).waitFor();
  });

  test('nothing was asked of a foreign host on the whole way, and nothing broke', () => {
    expect(visitor.faults).toEqual([]);
  });
});

async function promote(cell: string): Promise<Locator> {
  await visitor.cell(cell).hover();
  await visitor.cell(cell).getByRole('button', { name: 'Promote' }).click();
  return visitor.page.getByRole('dialog');
}

async function approve(page: Page): Promise<void> {
  await page.getByRole('button', { name: /Send to review/ }).click();
  await page.getByRole('button', { name: /Approve version 1/ }).click();
}

/** The line of the window with this number, in the zone the page shows. */
function windowRow(page: Page, window: number): Locator {
  const start = new Date(base + window * size);
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeStyle: 'medium' }).format(start);
  return page
    .getByRole('region', { name: 'Windows' })
    .getByRole('row')
    .filter({ hasText: `${time} to` });
}

/** In all hours of arrivals that the table has: the clock may pass one on the way. */
async function eventsShown(page: Page): Promise<number> {
  const cells = page.getByRole('region', { name: 'Windows' }).locator('tbody tr td:nth-child(3)');
  const texts = (await cells.allInnerTexts()).filter((text) => text !== '');
  return texts.reduce((sum, text) => sum + Number.parseInt(text, 10), 0);
}

/** The project's. */
const zone = 'UTC';

async function makeNotebook(title: string, cells: object[]): Promise<string> {
  return (await api.post<{ id: string }>(`/api/projects/${projectId}/notebooks`, { title, cells })).id;
}

function timestamp(name: string, at: number): object {
  const value = new Date(at).toISOString().slice(0, 19).replace('T', ' ');
  return { type: 'input', name, input: { kind: 'timestamp', value } };
}

async function jobOf(name: string): Promise<string> {
  return (await api.get<Listed>(`/api/projects/${projectId}/jobs`)).items.find((job) => job.name === name)?.id ?? '';
}

async function rowsOf(name: string): Promise<number> {
  const { rows } = await api.post<{ rows: unknown[][] }>(`/api/projects/${projectId}/query`, {
    sql: `SELECT count(*)::INTEGER AS n FROM ${name}`,
  });
  return Number(rows[0]?.[0]);
}

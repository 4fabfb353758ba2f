import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '#lib/testing/browser.ts';
import { signedIn, startProduct, type Product } from '#lib/testing/product.ts';
import { visit, type Visitor } from '#lib/testing/visitor.ts';

/*
 * What happens to a real-time job in its life, as the page tells it: it stands on its stream's page, keeps late events, meets trouble
 * that people must mend and trouble that mends itself, is taken over after a crash, and is deleted. All of it is real: the right is taken
 * away, the dataset is deleted, the server is killed. Events carry their times, so no clock is held.
 */
let product: Product;
let browser: Browser;
let visitor: Visitor;
let lead: Awaited<ReturnType<typeof signedIn>>;
let ana: Awaited<ReturnType<typeof signedIn>>;
let projectId: string;
let streamId: string;

interface Listed {
  items: { id: string; userId: string; name: string }[];
}

const size = 10_000;
const base = Math.floor((Date.now() - 300_000) / size) * size;
const editor = { name: 'Ana', email: 'ana@shop.example', password: 'correct horse battery' };
let sent = 0;

/** An event in each of the windows of these numbers. */
async function push(...windows: number[]): Promise<void> {
  const events = windows.map((window) => {
    sent += 1;
    return { id: `e${sent}`, time: new Date(base + window * size + 1000).toISOString(), shop: 'north' };
  });
  await lead.post(`/api/streams/${streamId}/events`, events);
}

/** Promoted by one person, and approved by the lead, also where a late event makes the replay differ. */
async function makeJob(by: typeof lead, target: string, source: string, realtime: object): Promise<string> {
  const text = (at: number) => new Date(at).toISOString().slice(0, 19).replace('T', ' ');
  const input = (name: string, at: number) => ({ type: 'input', name, input: { kind: 'timestamp', value: text(at) } });
  const { id } = await by.post<{ id: string }>(`/api/projects/${projectId}/notebooks`, {
    title: target,
    cells: [
      input('window_start', base),
      input('window_end', base + size),
      { type: 'sql', name: 'cell', engine: 'warehouse', source },
    ],
  });
  const asked = {
    cell: 'cell',
    target,
    realtime: { kind: 'tumbling', seconds: 10, delay: 0, start: 'beginning', ...realtime },
  };
  const promotion = await by.post<{ id: string }>(`/api/notebooks/${id}/promotions`, asked);
  await by.post(`/api/promotions/${promotion.id}/submit`);
  return (await lead.post<{ jobId: string }>(`/api/promotions/${promotion.id}/approve`, { accept: true })).jobId;
}

const inWindow = 'time >= {{window_start}} AND time < {{window_end}}';
const perShop = `SELECT shop, count(*) AS visits FROM visits WHERE ${inWindow} GROUP BY shop`;
const withCity = `SELECT city, count(*) AS visits FROM visits JOIN shops USING (shop) WHERE ${inWindow} GROUP BY city`;

/** A second person, who may edit. */
async function invite(): Promise<typeof lead> {
  const { url } = await lead.post<{ url: string }>(`/api/projects/${projectId}/invitations`, { role: 'editor' });
  await fetch(`${product.url}/api/invitations/${url.split('/').at(-1)}/accept`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: product.url },
    body: JSON.stringify(editor),
  });
  return signedIn(product.url, editor);
}

/** As the lead, with whatever method. */
async function ask(method: string, path: string, body?: object): Promise<void> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${lead.token}` };
  const response = await fetch(product.url + path, { method, headers, body: body ? JSON.stringify(body) : null });
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
}

async function bringShops(): Promise<void> {
  await fetch(`${product.url}/api/projects/${projectId}/datasets/shops`, {
    method: 'PUT',
    headers: { 'content-type': 'text/csv', authorization: `Bearer ${lead.token}` },
    body: 'shop,city\nnorth,Kiel\n',
  });
}

/** A job's line of the window with this number. */
function windowRow(window: number) {
  const start = new Date(base + window * size);
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', timeStyle: 'medium' }).format(start);
  return visitor.page
    .getByRole('region', { name: 'Windows' })
    .getByRole('row')
    .filter({ hasText: `${time} to` });
}

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  lead = await signedIn(product.url);
  projectId = (await lead.get<Listed>('/api/projects')).items[0]?.id ?? '';
  ana = await invite();
  const stream = { name: 'visits', eventTime: 'time', key: 'id', idle: 3600 };
  streamId = (await lead.post<{ id: string }>(`/api/projects/${projectId}/streams`, stream)).id;
  await bringShops();
  await push(0, 0, 1, 2);
  visitor = await visit(browser, product.url);
  await visitor.signIn();
});

afterAll(async () => {
  await browser?.close();
  await product?.close();
});

const soon = { timeout: 30_000 };
const panel = () => visitor.page.getByRole('complementary', { name: 'About the job' });

describe('on its stream’s page', () => {
  let jobId: string;

  test('it stands with its latest windows, and follows the events', async () => {
    const { page } = visitor;
    jobId = await makeJob(lead, 'per_shop', perShop, { late: { do: 'keep' } });
    await page.goto(`/streams/${streamId}`);
    await page.getByText('job on this stream, 10 seconds each, version 1').waitFor(soon);
    await windowRow(1).getByText('good').waitFor(soon);
    await push(3);
    await windowRow(2).getByText('good').waitFor(soon);
  });

  test('a window of it leads to what is known of that run', async () => {
    const { page } = visitor;
    await windowRow(1).getByRole('button').click();
    await page.waitForURL(`**/jobs/${jobId}?run=*`);
    await panel().getByRole('button', { name: 'Replay this window' }).waitFor(soon);
  });

  test('from anywhere, the palette finds the stream, the job and the dataset by a part of their names', async () => {
    const { page } = visitor;
    await page.goto(`/projects/${projectId}/people`);
    await page.locator('[data-ready]').waitFor();
    await page.keyboard.press('ControlOrMeta+k');
    await page.keyboard.type('per_sh');
    const found = page.getByRole('option').filter({ hasText: 'per_shop' });
    await expect.poll(() => found.count()).toBe(3);
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('visi');
    await page.getByRole('option').filter({ hasText: 'stream' }).click();
    await page.waitForURL(`**/streams/${streamId}`);
  });
});

describe('late events that are kept', () => {
  test('are linked from the job, and belong to it', async () => {
    const { page } = visitor;
    await push(0);
    await page.getByRole('link', { name: 'Coverage and runs' }).click();
    await panel().getByRole('link', { name: 'per_shop_late' }).waitFor(soon);
    await windowRow(0).getByText('1 came late and lie in per_shop_late').waitFor(soon);
    await panel().getByRole('link', { name: 'per_shop_late' }).click();
    await page.getByRole('link', { name: 'the job per_shop' }).waitFor();
    expect(await page.getByRole('button', { name: 'More' }).count()).toBe(0);
  });
});

describe('trouble', () => {
  test('a job whose owner lost the right stops and says what to do; given back, it goes on', async () => {
    const { page } = visitor;
    const jobId = await makeJob(ana, 'of_ana', perShop, {});
    await page.goto(`/jobs/${jobId}`);
    await windowRow(2).getByText('good').waitFor(soon);
    const { items } = await lead.get<Listed>(`/api/projects/${projectId}/members`);
    const path = `/api/projects/${projectId}/members/${items.find(({ name }) => name === 'Ana')!.userId}`;
    await ask('PATCH', path, { role: 'reader' });
    await push(4);
    await page.getByText('Ana no longer has the right to edit in this project').first().waitFor(soon);
    await page.getByText('stopped: it needs someone').waitFor();
    await page.goto(`/projects/${projectId}/jobs`);
    await page.getByRole('row').filter({ hasText: 'of_ana' }).getByText('stopped: it needs someone').waitFor();
    await ask('PATCH', path, { role: 'editor' });
    await page.goto(`/jobs/${jobId}`);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Resume' }).click();
    await windowRow(3).getByText('good').waitFor(soon);
    await page.getByText('stopped: it needs someone').waitFor({ state: 'detached' });
  });

  test('a window that reads a dataset which is gone fails by itself and is run again when it is back', async () => {
    const { page } = visitor;
    const jobId = await makeJob(lead, 'per_city', withCity, {});
    await page.goto(`/jobs/${jobId}`);
    await windowRow(3).getByText('good').waitFor(soon);
    const { items } = await lead.get<Listed>(`/api/projects/${projectId}/datasets`);
    await ask('DELETE', `/api/datasets/${items.find(({ name }) => name === 'shops')!.id}`);
    await push(5);
    await windowRow(4).getByText('failed').waitFor(soon);
    await windowRow(4).getByText(/shops/).waitFor();
    await windowRow(4).getByRole('button').click();
    await panel().getByText(/shops/).first().waitFor();
    await bringShops();
    await panel().getByRole('button', { name: 'Replay this window' }).click();
    await windowRow(4).getByText('good').waitFor(soon);
  });

  test('after a crash the job is taken over, and that is told', async () => {
    const { page } = visitor;
    await product.kill();
    await product.restart();
    await page.reload();
    await panel()
      .getByText(/Who worked on this job was lost\. It goes on from event/)
      .first()
      .waitFor(soon);
    await push(6);
    await windowRow(5).getByText('good').waitFor(soon);
  });
});

describe('a job that is no longer wanted', () => {
  test('is deleted when its name was written; its dataset stays', async () => {
    const { page } = visitor;
    const elsewhere = await page.context().newPage();
    await elsewhere.goto(page.url());
    await elsewhere.getByRole('button', { name: 'Replay' }).waitFor();
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Delete the job' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/per_city stays with its \d+ rows?, as a dataset that nothing writes any more/).waitFor();
    expect(await dialog.getByRole('button', { name: 'Delete', exact: true }).isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('per_city');
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.waitForURL(`**/projects/${projectId}/jobs`);
    await page.getByRole('row').filter({ hasText: 'of_ana' }).waitFor();
    expect(await page.getByRole('row').filter({ hasText: 'per_city' }).count()).toBe(0);
    const { items } = await lead.get<Listed>(`/api/projects/${projectId}/datasets`);
    await page.goto(`/datasets/${items.find(({ name }) => name === 'per_city')!.id}`);
    await page.getByText('a job that was deleted').waitFor();
    await elsewhere.getByText('This job was deleted').waitFor(soon);
    for (const act of ['Replay', 'Pause', 'More'])
      expect([act, await elsewhere.getByRole('button', { name: act }).count()]).toEqual([act, 0]);
    expect(await elsewhere.getByText(/^live/).count()).toBe(0);
    await elsewhere.close();
  });

  test('takes its dataset and its late events with it, where that is chosen; then its stream can go', async () => {
    const { page } = visitor;
    for (const name of ['per_shop', 'of_ana']) {
      const { items } = await lead.get<Listed>(`/api/projects/${projectId}/jobs`);
      await page.goto(`/jobs/${items.find((job) => job.name === name)!.id}`);
      await page.getByRole('button', { name: 'More' }).click();
      await page.getByRole('menuitem', { name: 'Delete the job' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('radio', { name: 'It goes too' }).click();
      await dialog
        .getByText(name === 'per_shop' ? /per_shop_late go with all their rows/ : /of_ana goes with/)
        .waitFor();
      await dialog.getByRole('textbox').fill(name);
      await page.keyboard.press('Enter');
      await page.waitForURL(`**/projects/${projectId}/jobs`);
    }
    const { items } = await lead.get<Listed>(`/api/projects/${projectId}/datasets`);
    const names = items.map(({ name }) => name);
    for (const gone of ['per_shop', 'per_shop_late', 'of_ana']) expect(names).not.toContain(gone);
    await ask('DELETE', `/api/streams/${streamId}`);
  });

  test('nothing was asked of a foreign host on the way, and nothing broke', () => {
    expect(visitor.faults).toEqual([]);
  });
});

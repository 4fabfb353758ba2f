import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '#lib/testing/browser.ts';
import { signedIn, startProduct, type Product } from '#lib/testing/product.ts';
import { visit, type Visitor } from '#lib/testing/visitor.ts';

/*
 * A stream in the page: made, pushed to over HTTP, watched as it moves, held, filtered, queried on both engines and followed.
 */
let product: Product;
let browser: Browser;
let visitor: Visitor;
let api: Awaited<ReturnType<typeof signedIn>>;
let projectId: string;
let streamId: string;
let events = 0;

interface Listed {
  items: { id: string; name: string }[];
}

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  api = await signedIn(product.url);
  projectId = (await api.get<Listed>('/api/projects')).items[0]?.id ?? '';
  visitor = await visit(browser, product.url);
  await visitor.signIn();
});

afterAll(async () => {
  await browser?.close();
  await product?.close();
});

const tail = () => visitor.page.getByRole('region', { name: /^Live tail/ });
const row = (text: string) => tail().getByRole('row').filter({ hasText: text });

/** Events as a shop would send them; what is given wins. */
async function push(...given: Record<string, unknown>[]): Promise<void> {
  const whole = given.map((each) => ({ id: `e-${++events}`, time: new Date().toISOString(), ...each }));
  await api.post(`/api/streams/${streamId}/events`, whole);
}

describe('a stream', () => {
  test('is made in the page, which then says how to push and waits for the first event', async () => {
    const { page } = visitor;
    await page.goto(`/projects/${projectId}/streams`);
    await page.getByText('No stream yet').waitFor();
    await page.locator('[data-ready]').waitFor();
    await page.keyboard.press('m');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    // What is to be filled in has the focus.
    await page.keyboard.type('not a name');
    await dialog.getByRole('button', { name: 'Make it' }).click();
    await dialog.getByText('A letter or _').waitFor();
    await dialog.getByLabel('Name').fill('visits');
    await dialog.getByLabel('Key').fill('id');
    await dialog.getByRole('button', { name: 'Make it' }).click();
    await page.waitForURL('**/streams/*');
    streamId = new URL(page.url()).pathname.split('/').at(-1)!;
    await page.locator('h1').getByText('waits for its first event').waitFor();
    const curl = page.getByLabel('HTTP').first();
    expect(await curl.innerText()).toContain(`curl ${product.url}/api/streams/${streamId}/events`);
  });

  test('shows the first event when it comes, and the next ones above it', async () => {
    await push({ page: '/first', country: 'DE', load_ms: 100 });
    await row('/first').waitFor();
    await push({ page: '/second', country: 'FR', load_ms: 2500 });
    await row('/second').waitFor();
    expect(await tail().getByRole('row').nth(1).innerText()).toContain('/second');
    await visitor.page.locator('h1').getByText('live: ').waitFor();
  });

  test('holds with Space and says how much waits, and goes on', async () => {
    const { page } = visitor;
    await page.keyboard.press('Space');
    await page.getByText(/^Held at .* while you read\./).waitFor();
    await push({ page: '/third', country: 'DE', load_ms: 3000 }, { page: '/fourth', country: 'FR', load_ms: 1 });
    await page.getByText('2 newer events wait.').waitFor();
    expect(await row('/third').count()).toBe(0);
    await page.keyboard.press('Space');
    await row('/third').waitFor();
    await page.getByRole('button', { name: 'Hold' }).waitFor();
  });

  test('has a dead letter where it came, with the reason', async () => {
    const { page } = visitor;
    await push({ page: '/broken', country: 'DE', load_ms: 'fast' });
    await row('/broken').waitFor();
    await row('load_ms is "fast", which is no BIGINT.').waitFor();
    const causes = page.getByRole('region', { name: 'Dead letters' });
    await causes.getByText('load_ms is no BIGINT').waitFor();
    await page.getByRole('button', { name: 'Show the raw events' }).click();
    await page.getByText('"load_ms":"fast"').waitFor();
  });

  test('is filtered by a condition of SQL, also what comes after it', async () => {
    const { page } = visitor;
    const filter = page.getByLabel('Show only events where');
    await filter.fill("country = 'DE' AND load_ms > 2000");
    await page.getByText(/^1 of the last \d+ match$/).waitFor({ timeout: 60_000 });
    await row('/third').waitFor();
    expect(await row('/first').count()).toBe(0);
    await push({ page: '/fast', country: 'DE', load_ms: 5 }, { page: '/slow', country: 'DE', load_ms: 9000 });
    await row('/slow').waitFor();
    expect(await row('/fast').count()).toBe(0);
    await filter.fill('contry = 1');
    await page.getByRole('alert').filter({ hasText: 'contry' }).waitFor();
    await filter.fill('');
    await row('/fast').waitFor();
  });

  test('its settings are changed in the panel', async () => {
    const { page } = visitor;
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByLabel('Keep for').fill('7');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(async () => (await api.get<{ retention: object }>(`/api/streams/${streamId}`)).retention)
      .toEqual({ days: 7, bytes: null });
  });
});

describe('a stream in a notebook', () => {
  test('Q opens one that counts its last minutes', async () => {
    const { page } = visitor;
    await page.locator('main').click({ position: { x: 5, y: 5 } });
    await page.keyboard.press('q');
    await page.waitForURL('**/notebooks/*');
    await visitor.reaches('by_minute', 'good');
    await visitor
      .cell('by_minute')
      .getByText(/^last 15 min, as of/)
      .waitFor();
  });

  test('the browser has its last minutes and follows them; the warehouse has all of it', async () => {
    const count = 'SELECT count(*) AS events, max(_offset) AS newest FROM visits';
    const { id } = await api.post<{ id: string }>(`/api/projects/${projectId}/notebooks`, {
      title: 'Both engines',
      cells: [
        { type: 'sql', name: 'here', engine: 'browser', source: count },
        { type: 'sql', name: 'doubled', engine: 'browser', source: 'SELECT events * 2 AS twice FROM here' },
        { type: 'sql', name: 'there', engine: 'warehouse', source: count },
      ],
    });
    await visitor.openNotebook(id);
    await visitor.reaches('doubled', 'good');
    expect((await visitor.rows('here')).flat()).toContain('6');
    await visitor.run('there');
    await visitor.reaches('there', 'good');
    expect((await visitor.rows('there')).flat()).toContain('6');
    await push({ page: '/later', country: 'SE', load_ms: 7 });
    await expect.poll(async () => (await visitor.rows('doubled')).flat(), { timeout: 20_000 }).toContain('14');
    expect((await visitor.rows('there')).flat()).toContain('6');
  });

  test('following is paused at the result, and goes on', async () => {
    const here = visitor.cell('here');
    await here.getByRole('button', { name: /^Live: follows visits/ }).click();
    await here.getByRole('button', { name: /^Paused/ }).waitFor();
    await push({ page: '/unseen', country: 'SE', load_ms: 8 });
    await visitor.run('there');
    await expect.poll(async () => (await visitor.rows('there')).flat(), { timeout: 20_000 }).toContain('8');
    expect(await visitor.rows('here')).toEqual([['7', '6']]);
    await here.getByRole('button', { name: /^Paused/ }).click();
    await expect.poll(async () => (await visitor.rows('here')).flat(), { timeout: 20_000 }).toContain('8');
  });

  test('stands in the sidebar with its columns, and offers how much of it is read', async () => {
    const { page } = visitor;
    const side = page.getByRole('complementary').first();
    await side.getByRole('button', { name: 'visits' }).click();
    await side.getByText('load_ms').waitFor();
    await page.getByLabel('Reads').selectOption('5');
    await visitor
      .cell('here')
      .getByText(/^last 5 min, as of/)
      .waitFor();
  });

  test('nothing broke and nothing was asked of a foreign host', () => {
    expect(visitor.faults).toEqual([]);
  });
});

describe('a stream whose log cannot be read here', () => {
  let lostId: string;

  test('says so on its page and in the list, and shows what is known', async () => {
    const { page } = visitor;
    const made = { name: 'lost', eventTime: 'time' };
    lostId = (await api.post<{ id: string }>(`/api/projects/${projectId}/streams`, made)).id;
    await api.post(`/api/streams/${lostId}/events`, [{ time: new Date().toISOString(), page: '/' }]);
    await product.kill();
    await rm(join(product.dataDir, 'streams', lostId), { recursive: true });
    await product.restart();
    await page.goto(`/streams/${lostId}`);
    await page.getByText('Rate, tail and the newest events are not known here meanwhile').waitFor();
    await page.getByRole('region', { name: 'Contract' }).getByText('page').waitFor();
    expect(await tail().count()).toBe(0);
    await page.goto(`/projects/${projectId}/streams`);
    const row = (name: string) => page.getByRole('row').filter({ hasText: name });
    await row('lost').getByText('in trouble').waitFor();
    await row('visits')
      .getByText(/^(live|quiet)$/)
      .waitFor();
  });

  test('is deleted like any other', async () => {
    const { page } = visitor;
    await page.goto(`/streams/${lostId}`);
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByRole('button', { name: /Delete the stream/ }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('lost');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/projects/${projectId}/streams`);
  });
});

describe('a stream that is no longer wanted', () => {
  test('is deleted when its name was written', async () => {
    const { page } = visitor;
    await page.goto(`/streams/${streamId}`);
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByRole('button', { name: /Delete the stream/ }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: 'Delete', exact: true }).isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('visits');
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('No stream yet').waitFor();
    expect((await api.get<Listed>(`/api/projects/${projectId}/streams`)).items).toEqual([]);
  });
});

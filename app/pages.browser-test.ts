import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '#lib/testing/browser.ts';
import { signedIn, startProduct, type Product } from '#lib/testing/product.ts';
import { visit, type Visitor } from '#lib/testing/visitor.ts';

let product: Product;
let browser: Browser;
let mei: Visitor;
let page: Page;
let api: Awaited<ReturnType<typeof signedIn>>;
let projectId: string;
let notebookId: string;

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  api = await signedIn(product.url);
  projectId = (await api.post<{ id: string }>('/api/projects', { name: 'Retail' })).id;
  notebookId = (await api.post<{ id: string }>(`/api/projects/${projectId}/notebooks`, { title: 'Free shipping' })).id;
  mei = await visit(browser, product.url);
  page = mei.page;
  await mei.signIn();
});

afterAll(async () => {
  await browser?.close();
  await product?.close();
});

/** Opens a page and waits until it listens to keys. */
async function open(path: string, on = page): Promise<void> {
  await on.goto(path);
  await on.locator('.app[data-ready]').waitFor();
}

const csv = 'day,country,parcels\n2026-10-01,DE,12\n2026-10-02,AT,7\n2026-10-03,,3\n';

async function bring(name: string, body: string): Promise<void> {
  await open(`/projects/${projectId}`);
  const chooser = page.waitForEvent('filechooser');
  await page
    .getByRole('button', { name: /Add data/ })
    .first()
    .click();
  await (await chooser).setFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(body) });
}

describe('keys', () => {
  test('the palette finds a place by a part of its name and goes there', async () => {
    await open(`/projects/${projectId}`);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('insi');
    await page.locator('[cmdk-item] mark').first().waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/insights');
  });

  test('Esc closes the palette and gives the focus back', async () => {
    await open('/projects');
    await page.getByLabel('Name').focus();
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Commands' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Commands' }).waitFor({ state: 'detached' });
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
  });

  test('two letters go to a place; the same letters in a field are text', async () => {
    await open(`/projects/${projectId}`);
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.waitForURL('**/people');
    await open('/projects');
    await page.getByLabel('Name').pressSequentially('gp n');
    expect(await page.getByLabel('Name').inputValue()).toBe('gp n');
    expect(new URL(page.url()).pathname).toBe('/projects');
  });
});

describe('light and dark', () => {
  test('the choice is in the first byte of every page, and takes no script', async () => {
    await open('/settings');
    await page.getByRole('radio', { name: 'Dark' }).click();
    const sent = await page.request.get('/settings');
    expect(await sent.text()).toMatch(/<html[^>]*data-theme="dark"/);
    await page.getByRole('radio', { name: 'As the system' }).click();
    expect(await (await page.request.get('/settings')).text()).not.toMatch(/<html[^>]*data-theme/);
  });
});

describe('data', () => {
  test('a file becomes a dataset with its rows, columns and honesty', async () => {
    await bring('Late parcels (42).csv', csv);
    await page.locator('.upload').getByRole('link', { name: 'Open' }).click();
    await page.waitForURL('**/datasets/*');
    await page.getByRole('region', { name: 'First rows' }).getByText('2026-10-02').waitFor();
    expect(await page.getByRole('region', { name: 'First rows' }).locator('tbody tr').count()).toBe(3);
    expect(await page.locator('.null').count()).toBe(1);
    await page.getByText('Complete').waitFor();
    await page.getByText('over all 3 rows').waitFor();
  });

  test('a file that is not what its name says is refused in a sentence', async () => {
    await bring('rows.parquet', csv);
    const said = await page.locator('.upload [role="alert"]').innerText();
    expect(said).toMatch(/rows was not stored\. \S.*\./);
  });

  test('a file of another kind is not sent at all', async () => {
    await bring('sheet.xlsx', 'PK');
    expect(await page.locator('.upload [role="alert"]').innerText()).toContain('.csv');
  });

  test('all rows can be taken along', async () => {
    const { items } = await api.get<{ items: { id: string; name: string }[] }>(`/api/projects/${projectId}/datasets`);
    await open(`/datasets/${items.find((dataset) => dataset.name === 'late_parcels_42')!.id}`);
    await page.getByRole('button', { name: 'Export' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: /CSV/ }).click();
    expect((await download).suggestedFilename()).toBe('late_parcels_42.csv');
  });
});

describe('people and tokens', () => {
  test('a token is shown once, works, and stops working when it is revoked', async () => {
    await open('/settings');
    await page.getByRole('textbox', { name: 'Name' }).fill('nightly');
    await page.getByRole('button', { name: 'Make a token' }).click();
    const token = await page.getByRole('textbox', { name: 'Token' }).inputValue();
    const me = () => fetch(`${product.url}/api/me`, { headers: { authorization: `Bearer ${token}` } });
    expect((await me()).status).toBe(200);
    await open('/settings');
    expect(await page.content()).not.toContain(token);
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('button', { name: 'Revoke' }).waitFor({ state: 'detached' });
    expect((await me()).status).toBe(401);
  });

  test('a reader who joined by link sees no act they may not do; taken out, they see nothing', async () => {
    await open(`/projects/${projectId}/people`);
    await page.getByRole('radio', { name: 'reader' }).click();
    await page.getByRole('button', { name: 'Make a link' }).click();
    const link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
    const ana = await visit(browser, product.url);
    await ana.page.goto(link);
    await ana.page.getByRole('textbox', { name: 'Name' }).fill('Ana');
    await ana.page.getByRole('textbox', { name: 'E-mail' }).fill('ana@shop.example');
    await ana.page.getByRole('textbox', { name: 'Password' }).fill('a calm long password');
    await ana.page.getByRole('button', { name: /join/ }).click();
    await ana.page.waitForURL('**/projects/*');
    await ana.page.getByRole('link', { name: 'Free shipping' }).waitFor();
    expect(await ana.page.getByRole('button', { name: 'New notebook' }).count()).toBe(0);
    await open(`/projects/${projectId}/people`);
    await page.getByRole('button', { name: 'Take Ana out of the project' }).click();
    await page.getByRole('button', { name: 'Take out' }).click();
    await page.getByText('ana@shop.example').waitFor({ state: 'detached' });
    await ana.page.reload();
    await ana.page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
    await ana.leave();
  });

  test('a sign-in never leads to another site', async () => {
    const eve = await visit(browser, product.url);
    await eve.page.goto('/signin?from=//evil.example/x');
    await eve.page.getByLabel('E-mail').fill('lead@shop.example');
    await eve.page.getByRole('textbox', { name: 'Password' }).fill('correct horse battery');
    await eve.page.getByRole('button', { name: 'Sign in' }).click();
    await eve.page.waitForURL('**/projects/**');
    expect(new URL(eve.page.url()).origin).toBe(product.url);
    expect(eve.faults).toEqual([]);
    await eve.leave();
  });
});

describe('insights', () => {
  test('what was noted is what the page says', async () => {
    const chart = { kind: 'chart-shown', grouped: true, sorted: false, titled: false };
    const items = ['line', 'line', 'bar'].map((type) => ({ notebookId, cellId: 'c1', fact: { ...chart, type } }));
    await api.post(`/api/projects/${projectId}/events`, { items });
    await open(`/projects/${projectId}/insights`);
    const bars = page.getByRole('list', { name: 'Charts by type' }).getByRole('listitem');
    expect(await bars.first().innerText()).toMatch(/line[\s\S]*2/);
    await page.getByText('3 shown or edited by 1 of').waitFor();
    await page
      .getByRole('region', { name: 'Charts by notebook' })
      .getByRole('link', { name: 'Free shipping' })
      .waitFor();
  });
});

describe('every page', () => {
  const paths = () => {
    const places = ['', '/notebooks', '/datasets', '/jobs', '/promotions', '/insights', '/people'];
    return [...places.map((place) => `/projects/${projectId}${place}`), '/projects', '/settings', '/insights'];
  };

  test('names everything that can be pressed or filled', async () => {
    for (const path of paths()) {
      await open(path);
      expect(await page.evaluate(nameless), path).toEqual([]);
    }
  });

  test('fits 390 px without scrolling sideways', async () => {
    const phone = await visit(browser, product.url, { width: 390, height: 844 });
    await phone.signIn();
    for (const path of paths()) {
      await open(path, phone.page);
      expect(await phone.page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(390);
    }
    await phone.leave();
  });

  test('has its places in a drawer at 390 px, which Esc closes', async () => {
    const phone = await visit(browser, product.url, { width: 390, height: 844 });
    await phone.signIn();
    await open(`/projects/${projectId}`, phone.page);
    await phone.page.getByRole('button', { name: 'Menu' }).click();
    await phone.page.getByRole('dialog').getByRole('link', { name: 'People' }).waitFor();
    await phone.page.keyboard.press('Escape');
    await phone.page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => phone.page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Menu');
    await phone.leave();
  });

  test('asked nothing of a foreign host and broke nowhere', () => {
    expect(mei.faults).toEqual([]);
  });
});

/** Runs in the page. */
function nameless(): string[] {
  const controls = [
    ...document.querySelectorAll<HTMLElement>('button, a[href], input:not([hidden]), select, textarea'),
  ];
  const named = (element: HTMLElement) =>
    Boolean(
      element.getAttribute('aria-label') || element.textContent?.trim() || (element as HTMLInputElement).labels?.length,
    );
  return controls.filter((element) => !named(element)).map((element) => element.outerHTML.slice(0, 120));
}

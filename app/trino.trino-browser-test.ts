import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { launchBrowser } from '#lib/testing/browser.ts';
import { signedIn, startProduct, type Product } from '#lib/testing/product.ts';
import { trinoUrl } from '#lib/testing/trino.ts';
import { visit, type Visitor } from '#lib/testing/visitor.ts';

/*
 * A person in Chromium, the built product and a real Trino: from a connection that is tried and saved to cells that run on
 * it. What the cluster itself says of its queries is asked of its own list, past the product.
 */

let product: Product;
let browser: Browser;
let api: Awaited<ReturnType<typeof signedIn>>;
let projectId: string;
let visitor: Visitor;
let page: Page;
/** The connection the first test makes; its answers are cut after 1,000 rows. */
let connection: string;

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct({ ALLOW_PRIVATE_ADDRESSES: 'true' }), launchBrowser()]);
  api = await signedIn(product.url);
  projectId = (await api.post<{ id: string }>('/api/projects', { name: 'Retail' })).id;
  visitor = await visit(browser, product.url);
  page = visitor.page;
  await visitor.signIn();
});

afterAll(async () => {
  await browser?.close();
  await product?.close();
});

beforeEach(() => {
  visitor.faults.length = 0;
});

/** Rows of a statement, asked of the cluster itself. */
async function ask(sql: string): Promise<unknown[][]> {
  const headers = { 'X-Trino-User': 'watcher' };
  const rows: unknown[][] = [];
  let answer = await fetch(`${trinoUrl()}/v1/statement`, { method: 'POST', headers, body: sql });
  for (;;) {
    const said = (await answer.json()) as { data?: unknown[][]; nextUri?: string; error?: { message: string } };
    if (said.error) throw new Error(said.error.message);
    rows.push(...(said.data ?? []));
    if (!said.nextUri) return rows;
    answer = await fetch(said.nextUri, { headers });
  }
}

/** States of the queries whose text holds the mark, newest last. */
async function queriesWith(mark: string): Promise<string[]> {
  const rows = await ask(
    `SELECT state FROM system.runtime.queries WHERE query LIKE '%' || '${mark.slice(0, 4)}' || '${mark.slice(4)}%'
     AND query NOT LIKE 'EXPLAIN%' AND query NOT LIKE 'EXECUTE IMMEDIATE ''EXPLAIN%' ORDER BY created`,
  );
  return rows.map(([state]) => String(state));
}

const mark = () => `mark_${crypto.randomUUID().replaceAll('-', '')}`;
const onTrino = (name: string, source: string) => ({ type: 'sql', name, source, engine: 'trino', connection });
const here = (name: string, source: string) => ({ type: 'sql', name, source, engine: 'browser' });
/** Runs for minutes. */
const endless = (note: string) =>
  `SELECT count(*) AS c /* ${note} */ FROM tpch.sf1000.lineitem a JOIN tpch.sf1000.lineitem b ON a.partkey = b.suppkey`;

async function open(...cells: object[]): Promise<string> {
  const { id } = await api.post<{ id: string }>(`/api/projects/${projectId}/notebooks`, { title: 'Try', cells });
  await visitor.openNotebook(id);
  return id;
}

const foot = (name: string) => visitor.cell(name).locator('footer.foot');
const text = (name: string) => visitor.cell(name).innerText();

describe('a connection', () => {
  test('is tried step by step, and saved only as it was tried', async () => {
    await page.goto(`/projects/${projectId}/connections`);
    await page.getByText('No connection yet').waitFor();
    await page.locator('.app[data-ready]').waitFor();
    await page.keyboard.press('c');
    await page.waitForURL(/connections\/new/);
    const save = page.getByRole('button', { name: 'Save' });
    expect(await save.isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Test', exact: false }).first().click();
    await page.getByText('The address of the coordinator', { exact: false }).waitFor();
    await page.getByLabel('Name', { exact: true }).fill('lake_eu');
    await page.getByLabel('Address').fill(trinoUrl());
    await page.getByLabel('Catalog', { exact: true }).fill('tpch');
    await page.getByLabel('Schema', { exact: true }).fill('tiny');
    await page.getByLabel('first rows').fill('1,000');
    await page.getByRole('radio', { name: 'No password' }).click();
    await page.getByRole('button', { name: /^Test/ }).first().click();
    await page.getByText('It can be saved', { exact: false }).waitFor({ timeout: 60_000 });
    const steps = await page
      .locator('.tries li')
      .evaluateAll((all) => all.map((each) => [each.getAttribute('data-step'), each.getAttribute('data-state')]));
    expect(Object.fromEntries(steps)).toMatchObject({ address: 'good', version: 'good', query: 'good', stop: 'good' });
    expect(await page.locator('.tries').innerText()).toContain('Trino 476');

    await page.getByLabel('Schema', { exact: true }).fill('sf1');
    await page.getByText('Test again before saving', { exact: false }).waitFor();
    expect(await save.isDisabled()).toBe(true);
    await page.getByLabel('Schema', { exact: true }).fill('tiny');
    await page.keyboard.press('ControlOrMeta+Enter');
    await page.waitForURL(/connections\/(?!new)/, { timeout: 60_000 });
    const { items } = await api.get<{ items: { id: string; name: string; ready: boolean }[] }>(
      `/api/projects/${projectId}/connections`,
    );
    expect(items).toMatchObject([{ name: 'lake_eu', ready: true }]);
    connection = items[0]!.id;
  });

  test('leaving what is not saved asks', async () => {
    await page.goto(`/projects/${projectId}/connections/${connection}`);
    await page.locator('.app[data-ready]').waitFor();
    await page.getByLabel('Session').fill('query_max_run_time=5m');
    await page.getByRole('link', { name: 'Connections' }).click();
    await page.getByRole('dialog').getByText('Leave without saving?').waitFor();
    await page.getByRole('button', { name: 'Stay' }).click();
    expect(await page.getByLabel('Session').inputValue()).toBe('query_max_run_time=5m');
    await page.getByRole('link', { name: 'Connections' }).click();
    await page.getByRole('button', { name: 'Leave', exact: true }).click();
    await page.getByRole('link', { name: 'lake_eu' }).waitFor();
  });
});

describe('a cell on Trino', () => {
  test('is chosen where the engine stands, says what it reads, and runs', async () => {
    await open(here('orders_daily', 'SELECT orderdate, count(*) AS orders FROM tpch.tiny.orders GROUP BY 1'));
    await visitor.cell('orders_daily').getByRole('button', { name: 'Engine: Browser' }).click();
    await page.getByRole('menuitem', { name: 'Run on Trino, lake_eu' }).click();
    await visitor.cell('orders_daily').getByRole('button', { name: 'Engine: Trino, lake_eu' }).waitFor();
    await visitor
      .cell('orders_daily')
      .getByText(/reads about .* rows of tiny\.orders/)
      .waitFor();
    await visitor.run('orders_daily');
    await visitor.reaches('orders_daily', 'good');
    expect((await visitor.rows('orders_daily')).length).toBeGreaterThan(5);
    expect(await foot('orders_daily').innerText()).toMatch(/First 1,000 rows/);
    // Of a query that was cut short the cluster may not have counted yet what it read.
    await foot('orders_daily')
      .getByRole('button', { name: /^read|what it cost/ })
      .click();
    const facts = page.getByRole('dialog', { name: 'What the query cost' });
    expect(await facts.innerText()).toMatch(/CPU[^]*Peak memory[^]*node/);
    const link = facts.getByRole('link', { name: 'in Trino' });
    expect(await link.getAttribute('href')).toContain('/ui/');
    expect(await link.getAttribute('rel')).toContain('noopener');
    expect(visitor.faults).toEqual([]);
  });

  test('hints say what to do about a text that multiplies rows', async () => {
    await open(onTrino('all_rows', 'SELECT a.name FROM tpch.tiny.nation a CROSS JOIN tpch.tiny.region b'));
    await visitor.cell('all_rows').locator('.code').first().click();
    await visitor.cell('all_rows').locator('[data-hint]').first().waitFor({ timeout: 30_000 });
    expect(await visitor.cell('all_rows').locator('.advice').innerText()).toMatch(/cross join/i);
  });

  test('its rows are sliced in the browser without another query', async () => {
    const note = mark();
    await open(
      onTrino('by_status', `SELECT orderstatus, count(*) AS n /* ${note} */ FROM tpch.tiny.orders GROUP BY 1`),
      here('slice', "SELECT n FROM by_status WHERE orderstatus = 'F'"),
    );
    await visitor.run('by_status');
    await visitor.reaches('by_status', 'good');
    const before = await queriesWith(note);
    for (const condition of ["orderstatus = 'O'", 'n > 400', 'true']) {
      await visitor.type('slice', `SELECT sum(n) AS total FROM by_status WHERE ${condition}`);
      await page.keyboard.press('ControlOrMeta+Enter');
      await visitor.reaches('slice', 'good');
    }
    await expect
      .poll(async () => (await visitor.rows('slice')).flat().join(' '), { timeout: 30_000 })
      .toContain('15,000');
    expect(await queriesWith(note)).toEqual(before);
    expect(before).toEqual(['FINISHED']);
  });

  test('what was cut is run in full on the cluster, and back again', async () => {
    await open(
      onTrino('orders_all', 'SELECT orderkey, orderstatus FROM tpch.tiny.orders'),
      here('total', 'SELECT count(*) AS n FROM orders_all'),
    );
    await visitor.run('total');
    await visitor.reaches('total', 'good');
    expect((await visitor.rows('total')).flat().join(' ')).toContain('1,000');
    expect(await text('total')).toContain('orders_all holds its first rows only');
    await visitor.cell('total').getByRole('button', { name: 'Run in full on Trino' }).click();
    await visitor.cell('total').getByRole('button', { name: 'Engine: Trino, lake_eu' }).waitFor();
    await expect
      .poll(async () => (await visitor.rows('total')).flat().join(' '), { timeout: 30_000 })
      .toContain('15,000');
    expect(await foot('total').innerText()).toContain('Complete');
    await visitor
      .cell('total')
      .locator('.head')
      .click({ position: { x: 2, y: 2 } });
    await page.getByRole('button', { name: 'Undo' }).click();
    await visitor.cell('total').getByRole('button', { name: 'Engine: Browser' }).waitFor();
  });

  test('a text that is not Trino’s is left where it is, with what is wrong', async () => {
    await open(
      onTrino('orders_all', 'SELECT orderkey, orderstatus FROM tpch.tiny.orders'),
      here('total', 'SELECT list(orderkey) AS keys FROM orders_all'),
    );
    await visitor.run('total');
    await visitor.reaches('total', 'good');
    await visitor.cell('total').getByRole('button', { name: 'Run in full on Trino' }).click();
    await visitor.cell('total').getByText('It was left as it is', { exact: false }).waitFor();
    expect(await visitor.cell('total').getByRole('button', { name: 'Engine: Browser' }).count()).toBe(1);
  });

  test('an error is underlined while one types, and stands on its line after a run', async () => {
    await open(onTrino('wrong', 'SELECT orderkey\nFROM orders'));
    await visitor.type('wrong', 'SELECT orderkey,\n  amuont\nFROM orders');
    await visitor.cell('wrong').locator('.squiggly-error').waitFor({ timeout: 30_000 });
    await page.keyboard.press('ControlOrMeta+Enter');
    await visitor.reaches('wrong', 'failed');
    const said = await text('wrong');
    expect(said).toContain('Line 2, column 3');
    expect(said).toContain('amuont');
    expect(said).toContain('COLUMN_NOT_FOUND');
  });

  test('a parameter is bound, and its change makes the rows stale, not another query', async () => {
    await open(
      { type: 'input', name: 'status', input: { kind: 'text', value: 'F' } },
      onTrino('counted', 'SELECT count(*) AS n FROM tpch.tiny.orders WHERE orderstatus = {{status}}'),
    );
    await visitor.run('counted');
    await visitor.reaches('counted', 'good');
    expect((await visitor.rows('counted')).flat().join(' ')).toContain('7,304');
    await page.getByLabel('Value of status').fill('O');
    await page.keyboard.press('Enter');
    await visitor.reaches('counted', 'stale');
  });
});

describe('a long query', () => {
  test('shows how far it is, and Stop ends it on the cluster', async () => {
    const note = mark();
    await open(onTrino('slow', endless(note)));
    await visitor.run('slow');
    await visitor.cell('slow').getByText('Splits').waitFor({ timeout: 60_000 });
    expect(await visitor.cell('slow').getByRole('link', { name: 'in Trino' }).getAttribute('href')).toContain('/ui/');
    expect(await page.locator('.status').innerText()).toContain('lake_eu: 1 running');
    await page.keyboard.press('Shift+Escape');
    await visitor.reaches('slow', 'cancelled', 'failed');
    await vi.waitUntil(async () => (await queriesWith(note)).every((state) => state === 'FAILED'), { timeout: 30_000 });
  });

  test('ends on the cluster when its tab is closed', async () => {
    const note = mark();
    const id = await open(onTrino('slow', endless(note)));
    const other = await visit(browser, product.url);
    await other.signIn();
    await other.openNotebook(id);
    await other.run('slow');
    await other.cell('slow').getByText('Splits').waitFor({ timeout: 60_000 });
    await other.leave();
    await vi.waitUntil(
      async () => {
        const states = await queriesWith(note);
        return states.length > 0 && states.every((state) => state === 'FAILED');
      },
      { timeout: 30_000 },
    );
  });
});

describe('an answer that was kept', () => {
  test('says how old it is, and is passed on demand', async () => {
    const note = mark();
    await open(onTrino('kept', `SELECT count(*) AS n /* ${note} */ FROM tpch.tiny.nation`));
    await visitor.run('kept');
    await visitor.reaches('kept', 'good');
    await visitor.run('kept');
    await foot('kept')
      .getByText(/kept from/)
      .waitFor();
    expect(await foot('kept').innerText()).toMatch(/\d+ (s|min) old/);
    expect(await queriesWith(note)).toHaveLength(1);
    await foot('kept').getByRole('button', { name: 'Run on Trino again' }).click();
    await foot('kept').getByRole('button', { name: /^read/ }).waitFor();
    expect(await queriesWith(note)).toHaveLength(2);
  });
});

describe('the catalogue', () => {
  const tree = () => page.getByRole('tree', { name: 'Catalogue of lake_eu' });
  const item = (name: string) => tree().getByRole('treeitem', { name, exact: false }).first();

  test('is walked with keys, opens what is asked for, and shows a table with its rows', async () => {
    await open(onTrino('q', 'SELECT 1 AS a'));
    await item('customer').waitFor({ timeout: 30_000 });
    await item('iceberg').focus();
    for (const key of ['End', 'Home', 'ArrowDown']) await page.keyboard.press(key);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('memory');
    await item('nation').focus();
    await page.keyboard.press('Enter');
    const panel = page.getByRole('complementary', { name: 'About the current cell' });
    await panel.getByText('tpch.tiny.nation').waitFor();
    await expect.poll(() => panel.innerText(), { timeout: 30_000 }).toMatch(/Rows\s+25/);
    expect(await panel.innerText()).toMatch(/nationkey\s+bigint/);
    await panel.getByRole('button', { name: 'Read 20 rows' }).click();
    await panel.getByRole('region', { name: 'Sample of nation' }).waitFor();
    await item('nation').focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-level'))).toBe('4');
  });

  test('a text finds tables in all catalogs', async () => {
    await open(onTrino('q', 'SELECT 1 AS a'));
    await item('customer').waitFor({ timeout: 30_000 });
    await page.getByLabel('Find a table of lake_eu').fill('parts');
    await item('partsupp').waitFor({ timeout: 30_000 });
    expect(await tree().locator('mark').first().innerText()).toBe('parts');
    await page.keyboard.press('Escape');
    await item('customer').waitFor();
  });

  test('a name goes into the cell where its caret is', async () => {
    await open(onTrino('q', 'SELECT 1 AS a'));
    await visitor.type('q', 'SELECT count(*) AS n FROM ');
    await item('region').click();
    await page.getByRole('button', { name: 'Insert its name' }).click();
    await page.keyboard.press('ControlOrMeta+Enter');
    await visitor.reaches('q', 'good');
    expect((await visitor.rows('q')).flat().join(' ')).toContain('5');
  });

  test('completion knows catalogs, tables and columns, in Trino’s dialect', async () => {
    await open(onTrino('q', 'SELECT 1 AS a'));
    await visitor.type('q', 'SELECT n. FROM tpch.tiny.nation n');
    for (let left = ' FROM tpch.tiny.nation n'.length; left > 0; left--) await page.keyboard.press('ArrowLeft');
    await page.keyboard.type('na');
    const list = page.locator('.suggest-widget.visible');
    await list.waitFor({ timeout: 20_000 });
    expect(await list.innerText()).toContain('nationkey');
    await page.keyboard.press('Escape');
    await visitor.type('q', 'SELECT * FROM tpch.tiny');
    await page.keyboard.type('.');
    await expect.poll(() => list.innerText().catch(() => ''), { timeout: 20_000 }).toContain('supplier');
  });
});

test('a cell whose connection is gone says so in words', async () => {
  const cells = [{ type: 'sql', name: 'lost', source: 'SELECT 1', engine: 'trino', connection: 'gone' }];
  await open(...cells);
  await visitor.cell('lost').getByText('The connection of this cell is gone', { exact: false }).waitFor();
});

describe('who may do what', () => {
  test('a reader sees how a connection is reached, and no form', async () => {
    const { url } = await api.post<{ url: string }>(`/api/projects/${projectId}/invitations`, { role: 'reader' });
    const secret = url.split('/').at(-1)!;
    const who = { name: 'Rea', email: 'rea@shop.example', password: 'correct horse reader' };
    await fetch(`${product.url}/api/invitations/${secret}/accept`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: product.url },
      body: JSON.stringify(who),
    });
    const reader = await visit(browser, product.url);
    await reader.signIn(who);
    await reader.page.goto(`/projects/${projectId}/connections`);
    await reader.page.getByRole('link', { name: 'lake_eu' }).click();
    await reader.page.getByText('How it is reached').waitFor();
    expect(await reader.page.locator('main').innerText()).toContain(trinoUrl());
    expect(await reader.page.getByRole('button', { name: /Save|Delete|Test/ }).count()).toBe(0);
    await reader.page.goto(`/projects/${projectId}/connections/new`);
    await reader.page.getByText('How to reach it').waitFor({ state: 'detached' });
    await reader.leave();
  });

  test('an owner changes a limit, keeps what was tried, and deletes it after being asked', async () => {
    await page.goto(`/projects/${projectId}/connections/${connection}`);
    await page.locator('.app[data-ready]').waitFor();
    await page.getByLabel('at once').fill('5');
    await page.getByRole('button', { name: /^Test/ }).first().click();
    await page.getByText('It can be saved', { exact: false }).waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Save' }).click();
    await page
      .locator('.status')
      .getByText(/^Saved/)
      .waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Delete this connection' }).click();
    await page.getByRole('dialog').getByText('Delete lake_eu?').waitFor();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('No connection yet').waitFor({ timeout: 30_000 });
  });
});

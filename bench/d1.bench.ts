import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '#lib/testing/browser.ts';
import { openHarness } from '#lib/testing/harness.ts';
import { signedIn, startProduct } from '#lib/testing/product.ts';
import { visit } from '#lib/testing/visitor.ts';
import { run } from './frame.ts';

/*
 * D1: open a notebook to the first row of its first cell, with an empty browser cache, against a bare page that loads the
 * same DuckDB-WASM and shows the first row of the same query. Then, in the page that is open, a second notebook.
 */

const source = 'SELECT range AS n, range * 1.5 AS x FROM range(1000)';
const cells = [{ type: 'sql', name: 'first', source, engine: 'browser' }];
const product = await startProduct();
const harness = await openHarness('bench/d1-page.ts');
const browser = await launchBrowser();
const api = await signedIn(product.url);
const project = await api.post<{ id: string }>('/api/projects', { name: 'D1' });
const notebook = (title: string) => api.post<{ id: string }>(`/api/projects/${project.id}/notebooks`, { title, cells });
const first = await notebook('One');
await notebook('Two');
const state = await signInOnce(browser);

const opened = await run({
  name: 'D1',
  goal: { atMost: 1.3 },
  baseline: () => inNewContext((page) => openBare(page)),
  candidate: () => inNewContext((page) => openNotebook(page, first.id)),
  note: 'wall ms from navigation to the first row, empty cache, signed in',
});
const second = await run({
  name: 'D1-second',
  goal: { atMost: 0.2 },
  baseline: () => inNewContext((page) => openBare(page)),
  candidate: () => inNewContext(openSecond),
  note: 'wall ms from the press on a second notebook in an open page to its first row',
});
await browser.close();
await harness.close();
await product.close();
process.exitCode = opened.pass && second.pass ? 0 : 1;

async function signInOnce(browser: Browser) {
  const visitor = await visit(browser, product.url);
  await visitor.signIn();
  const state = await visitor.page.context().storageState();
  await visitor.leave();
  return state;
}

async function inNewContext(measure: (page: Page) => Promise<number>): Promise<number> {
  const context: BrowserContext = await browser.newContext({ storageState: state, baseURL: product.url });
  try {
    return await measure(await context.newPage());
  } finally {
    await context.close();
  }
}

async function openBare(page: Page): Promise<number> {
  const start = performance.now();
  await page.goto(harness.url);
  await page.locator('#row').waitFor();
  return performance.now() - start;
}

async function openNotebook(page: Page, id: string): Promise<number> {
  const start = performance.now();
  await page.goto(`/notebooks/${id}`);
  await page.getByRole('gridcell').first().waitFor();
  return performance.now() - start;
}

async function openSecond(page: Page): Promise<number> {
  await openNotebook(page, first.id);
  await page.locator(`a[href="/projects/${project.id}"]`).first().click();
  const link = page.getByRole('link', { name: 'Two' }).first();
  await link.waitFor();
  const start = performance.now();
  await link.click();
  await page.locator('section[data-cell-name="first"][data-state="good"]').waitFor();
  await page.getByRole('gridcell').first().waitFor();
  return performance.now() - start;
}

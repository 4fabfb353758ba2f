import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '#lib/testing/browser.ts';
import { startProduct, type Product } from '#lib/testing/product.ts';
import { visit, type Visitor } from '#lib/testing/visitor.ts';

let product: Product;
let browser: Browser;
let visitor: Visitor;

beforeAll(async () => {
  [product, browser] = await Promise.all([
    startProduct({ ADMIN_EMAIL: undefined, ADMIN_PASSWORD: undefined }),
    launchBrowser(),
  ]);
  visitor = await visit(browser, product.url);
});

afterAll(async () => {
  await browser?.close();
  await product?.close();
});

describe('the first quarter of an hour', () => {
  test('the printed token makes the first account, which lands in a project', async () => {
    const { page } = visitor;
    const token = /one-time token: (\S+)/.exec(product.output())?.[1] ?? '';
    await page.goto('/');
    await page.waitForURL('**/setup**');
    await page.getByLabel('Token').fill(token);
    await page.getByLabel('Name').first().fill('Mei');
    await page.getByLabel('E-mail').fill('mei@shop.example');
    await page.getByLabel('Password', { exact: true }).fill('a calm long password');
    await page.getByLabel('First project').fill('Retail');
    await page.getByRole('button', { name: /Make the account/ }).click();
    await page.waitForURL('**/projects/*', { timeout: 30_000 });
    await page.getByRole('heading', { name: 'Retail' }).waitFor();
  });

  test('the token works once', async () => {
    const token = /one-time token: (\S+)/.exec(product.output())?.[1] ?? '';
    const again = await fetch(`${product.url}/api/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: product.url },
      body: JSON.stringify({ token, name: 'Eve', email: 'eve@shop.example', password: 'another long password' }),
    });
    expect(again.status).toBeGreaterThanOrEqual(400);
  });

  test('the sample notebook answers on real data at once: every local cell comes to a good end', async () => {
    const { page } = visitor;
    await page
      .getByRole('link', { name: /How is the shop doing/ })
      .first()
      .click();
    await page.waitForURL('**/notebooks/*');
    await page.locator('section[data-cell-id]').first().waitFor();
    const local = page.locator(
      'section[data-cell-type="sql"], section[data-cell-type="typescript"], section[data-cell-type="chart"]',
    );
    await expect.poll(() => local.count(), { timeout: 30_000 }).toBeGreaterThan(3);
    await expect
      .poll(
        () =>
          local.evaluateAll((cells) =>
            cells
              .filter((cell) => cell.getAttribute('data-state') !== 'good')
              .map((cell) => `${cell.getAttribute('data-cell-name')}: ${cell.getAttribute('data-state')}`),
          ),
        { timeout: 90_000 },
      )
      .toEqual([]);
    await page.getByRole('gridcell').first().waitFor();
    await page.locator('section[data-cell-type="chart"] svg, section[data-cell-type="chart"] canvas').first().waitFor();
  });

  test('nothing was asked of a foreign host, and nothing broke on the way', () => {
    expect(visitor.faults).toEqual([]);
  });
});

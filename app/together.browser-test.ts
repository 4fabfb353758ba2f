import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '#lib/testing/browser.ts';
import { signedIn, startProduct, type Product } from '#lib/testing/product.ts';
import { visit, type Visitor } from '#lib/testing/visitor.ts';

let product: Product;
let browser: Browser;
let mei: Visitor;
let ana: Visitor;
let notebookId: string;
let api: Awaited<ReturnType<typeof signedIn>>;

const colleague = { name: 'Ana', email: 'ana@shop.example', password: 'another calm password' };

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  api = await signedIn(product.url);
  const { id: projectId } = await api.post<{ id: string }>('/api/projects', { name: 'Together' });
  notebookId = (
    await api.post<{ id: string }>(`/api/projects/${projectId}/notebooks`, {
      title: 'Shared',
      cells: [{ type: 'sql', name: 'ours', source: 'SELECT 1', engine: 'browser' }],
    })
  ).id;
  const { url } = await api.post<{ url: string }>(`/api/projects/${projectId}/invitations`, { role: 'editor' });
  mei = await visit(browser, product.url);
  ana = await visit(browser, product.url);
  await mei.signIn();
  await join(ana, url);
});

afterAll(async () => {
  await browser?.close();
  await product?.close();
});

async function join({ page }: Visitor, url: string): Promise<void> {
  await page.goto(url);
  await page.getByLabel('Name').fill(colleague.name);
  await page.getByLabel('E-mail').fill(colleague.email);
  await page.getByLabel('Password', { exact: true }).fill(colleague.password);
  await page.getByRole('button', { name: /Join|Make/ }).click();
  await page.waitForURL('**/projects/**');
}

async function editing({ page, cell }: Visitor): Promise<void> {
  await cell('ours').locator('.code').first().click();
  await cell('ours').locator('.monaco-editor').waitFor();
  await page.keyboard.press('ControlOrMeta+End');
}

const stored = ({ page }: Visitor) =>
  expect.poll(() => page.locator('.status').innerText(), { timeout: 20_000 }).toMatch(/Stored/);

async function source(): Promise<string> {
  const { cells } = await api.get<{ cells: { source: string }[] }>(`/api/notebooks/${notebookId}`);
  return cells[0]?.source ?? '';
}

describe('two people in one cell', () => {
  test('both type at once, see each other, and no character is lost', async () => {
    await Promise.all([mei.openNotebook(notebookId), ana.openNotebook(notebookId)]);
    await Promise.all([editing(mei), editing(ana)]);
    await Promise.all([
      mei.page.keyboard.type(' /* mei mei mei mei mei */', { delay: 15 }),
      ana.page.keyboard.type(' -- ana', { delay: 40 }),
    ]);
    await Promise.all([stored(mei), stored(ana)]);
    const text = await source();
    for (const letter of 'mei') expect(text.split(letter).length - 1).toBeGreaterThanOrEqual(5);
    expect([...text].toSorted().join('')).toBe([...'SELECT 1 /* mei mei mei mei mei */ -- ana'].toSorted().join(''));
    await expect.poll(() => mei.page.locator('.top').innerText()).toContain('An');
    await mei.cell('ours').getByText('Ana', { exact: false }).first().waitFor();
  });

  test('the server is killed with -9 and started again: both carry on and everything is there', async () => {
    const before = await source();
    await product.kill();
    await mei.page.keyboard.type(' more');
    await expect.poll(() => mei.page.locator('.status').innerText(), { timeout: 30_000 }).toMatch(/Offline/i);
    await product.restart();
    await stored(mei);
    const after = await source();
    expect(after.length).toBe(before.length + ' more'.length);
    await expect.poll(() => ana.cell('ours').innerText(), { timeout: 30_000 }).toMatch(/more/);
  });
});

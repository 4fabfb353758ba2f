import type { Browser, Locator, Page } from 'playwright-core';
import { admin } from './product.ts';

/*
 * A person in front of the page: what they see and press, by the names and roles they would use. Keeps count of what a
 * calm workday must not contain: requests to a foreign origin, uncaught errors, wasm traps.
 */
export interface Visitor {
  page: Page;
  /** Requests to another origin than the product's, uncaught page errors and console errors, as they happened. */
  faults: string[];
  signIn(who?: { email: string; password: string }): Promise<void>;
  openNotebook(id: string): Promise<void>;
  cell(name: string): Locator;
  /** Waits until the cell shows one of these states. */
  reaches(name: string, ...states: string[]): Promise<void>;
  /** Replaces the text of a code cell through its editor. */
  type(name: string, text: string): Promise<void>;
  run(name: string): Promise<void>;
  /** The text of the result grid, row by row. */
  rows(name: string): Promise<string[][]>;
  leave(): Promise<void>;
}

export async function visit(browser: Browser, url: string, size = { width: 1440, height: 1000 }): Promise<Visitor> {
  const context = await browser.newContext({ viewport: size, baseURL: url });
  const page = await context.newPage();
  const faults: string[] = [];
  watch(page, url, faults);
  const cell = (name: string) => page.locator(`section[data-cell-name="${name}"]`);
  const reaches = (name: string, ...states: string[]) =>
    page
      .locator(states.map((state) => `section[data-cell-name="${name}"][data-state="${state}"]`).join(', '))
      .waitFor({ timeout: 60_000 });
  return {
    page,
    faults,
    cell,
    reaches,
    signIn: (who = admin) => signIn(page, who),
    openNotebook: async (id) => {
      await page.goto(`/notebooks/${id}`);
      await page.locator('section[data-cell-id]').first().waitFor({ timeout: 60_000 });
      // The server draws the cells before the page is live; what is typed earlier goes nowhere.
      await page.locator('.status').getByText('Stored').waitFor({ timeout: 60_000 });
    },
    type: async (name, text) => {
      await cell(name).locator('.code').first().click();
      await cell(name).locator('.monaco-editor').waitFor();
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.insertText(text);
    },
    run: async (name) => {
      await cell(name).hover();
      await cell(name).getByRole('button', { name: 'Run', exact: true }).click();
    },
    rows: (name) => readRows(cell(name)),
    leave: () => context.close(),
  };
}

async function signIn(page: Page, who: { email: string; password: string }): Promise<void> {
  await page.goto('/signin');
  await page.getByLabel('E-mail').fill(who.email);
  await page.getByLabel('Password').fill(who.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((to) => !to.pathname.startsWith('/signin'));
}

async function readRows(cell: Locator): Promise<string[][]> {
  await cell.getByRole('gridcell').first().waitFor({ timeout: 30_000 });
  return cell
    .getByRole('row')
    .evaluateAll((rows) =>
      rows
        .map((row) => [...row.querySelectorAll('[role="gridcell"]')].map((each) => each.textContent ?? ''))
        .filter((cells) => cells.length > 0),
    );
}

function watch(page: Page, url: string, faults: string[]): void {
  const origin = new URL(url).origin;
  page.on('request', (request) => {
    const to = new URL(request.url());
    if (['http:', 'https:'].includes(to.protocol) && to.origin !== origin) faults.push(`foreign request: ${to.href}`);
  });
  page.on('pageerror', (error) => faults.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (/wasm|RuntimeError|memory access out of bounds/i.test(message.text()) && message.type() === 'error') {
      faults.push(`console: ${message.text()}`);
    }
  });
}

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '#lib/testing/browser.ts';
import { signedIn, startProduct, type Product } from '#lib/testing/product.ts';
import { visit, type Visitor } from '#lib/testing/visitor.ts';

/*
 * From a verified cell to a running job, in the page: promote, look at the evidence, approve, backfill, query the output.
 */
let product: Product;
let browser: Browser;
let visitor: Visitor;
let api: Awaited<ReturnType<typeof signedIn>>;
let projectId: string;
let notebookId: string;

interface Listed {
  items: { id: string; name: string; title: string; state: string; rows: number }[];
}

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  api = await signedIn(product.url);
  projectId = (await api.get<Listed>('/api/projects')).items[0]?.id ?? '';
  notebookId = (await api.get<Listed>(`/api/projects/${projectId}/notebooks`)).items[0]?.id ?? '';
  visitor = await visit(browser, product.url);
  await visitor.signIn();
});

afterAll(async () => {
  await browser?.close();
  await product?.close();
});

describe('a lead promotes the query that was verified', () => {
  test('the query is frozen, tried on the shown window, and equal to what the notebook shows', async () => {
    const { page } = visitor;
    await visitor.openNotebook(notebookId);
    await visitor.reaches('revenue', 'good');
    await visitor.cell('revenue').hover();
    await visitor.cell('revenue').getByRole('button', { name: 'Promote' }).click();
    await page.getByRole('dialog').getByLabel('Output').fill('daily_revenue');
    await page.getByRole('dialog').getByRole('button', { name: 'Freeze and try' }).click();
    await page.waitForURL('**/promotions/*', { timeout: 60_000 });
    await page.getByText('Nothing differs').first().waitFor();
  });

  test('it is sent to review, approved, and has a job', async () => {
    const { page } = visitor;
    await page.getByRole('button', { name: /Send to review/ }).click();
    await page.getByRole('button', { name: /Approve version 1/ }).click();
    await expect.poll(async () => (await api.get<Listed>(`/api/projects/${projectId}/jobs`)).items.length).toBe(1);
  });

  test('three past days are backfilled and listed with state and rows', async () => {
    const { page } = visitor;
    const job = (await api.get<Listed>(`/api/projects/${projectId}/jobs`)).items[0];
    await page.goto(`/jobs/${job?.id}`);
    await page.getByRole('button', { name: /Backfill/ }).click();
    await page.getByRole('dialog').getByLabel('From').fill(day(-3));
    await page.getByRole('dialog').getByLabel('Up to (not included)').fill(day(0));
    await page.getByRole('dialog').getByRole('button', { name: 'Run 3 windows' }).click();
    const good = async () =>
      (await api.get<Listed>(`/api/jobs/${job?.id}/runs`)).items.filter((run) => run.state === 'good').length;
    await expect.poll(good, { timeout: 60_000 }).toBe(3);
    await expect.poll(() => page.getByRole('row').filter({ hasText: 'good' }).count()).toBe(3);
  });

  test('running a window again replaces it: the output never doubles', async () => {
    const { page } = visitor;
    const job = (await api.get<Listed>(`/api/projects/${projectId}/jobs`)).items[0];
    const before = await outputRows();
    await page.getByRole('button', { name: /Run a window/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Run it' }).click();
    const runs = async () => (await api.get<Listed>(`/api/jobs/${job?.id}/runs`)).items.map((run) => run.state);
    await expect.poll(runs, { timeout: 60_000 }).toEqual(['good', 'good', 'good', 'good']);
    expect(await outputRows()).toEqual(before);
    expect(before.length).toBe(3);
  });

  test('the output is a dataset that a notebook queries, in the browser', async () => {
    const { id } = await api.post<{ id: string }>(`/api/projects/${projectId}/notebooks`, {
      title: 'Reads the job',
      cells: [
        {
          type: 'sql',
          name: 'days',
          engine: 'browser',
          source: 'SELECT count(DISTINCT window_start) AS days FROM daily_revenue',
        },
      ],
    });
    await visitor.openNotebook(id);
    await visitor.reaches('days', 'good');
    expect((await visitor.rows('days')).flat()).toContain('3');
  });
});

describe('the workbench measures its use', () => {
  test('charts shown are counted by type, and are a dataset to query', async () => {
    const { page } = visitor;
    await visitor.openNotebook(notebookId);
    await visitor.reaches('daily_active_users', 'good');
    await page.goto(`/projects/${projectId}/insights`);
    const counted = async () => {
      const { rows } = await api.post<{ rows: string[][] }>(`/api/projects/${projectId}/query`, {
        sql: "SELECT chart_type, CAST(count(*) AS VARCHAR) FROM workbench_events WHERE kind = 'chart-shown' GROUP BY 1",
      });
      return new Map(rows.map(([type, count]) => [type, Number(count)]));
    };
    await expect.poll(async () => (await counted()).get('line') ?? 0, { timeout: 30_000 }).toBeGreaterThan(0);
    await page.reload();
    await expect.poll(() => page.locator('main, .page').first().innerText()).toMatch(/line/);
  });

  test('nothing was asked of a foreign host on the whole way', () => {
    expect(visitor.faults).toEqual([]);
  });
});

function day(fromToday: number): string {
  return new Date(Date.now() + fromToday * 86_400_000).toISOString().slice(0, 10);
}

async function outputRows(): Promise<string[][]> {
  const { rows } = await api.post<{ rows: string[][] }>(`/api/projects/${projectId}/query`, {
    sql: 'SELECT CAST(window_start AS VARCHAR) AS w, CAST(count(*) AS VARCHAR) AS n FROM daily_revenue GROUP BY 1 ORDER BY 1',
  });
  return rows;
}

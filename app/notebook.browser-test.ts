import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser } from '#lib/testing/browser.ts';
import { signedIn, startProduct, type Product } from '#lib/testing/product.ts';
import { visit, type Visitor } from '#lib/testing/visitor.ts';

let product: Product;
let browser: Browser;
let api: Awaited<ReturnType<typeof signedIn>>;
let projectId: string;
let visitor: Visitor;

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  api = await signedIn(product.url);
  projectId = (await api.post<{ id: string }>('/api/projects', { name: 'Bench' })).id;
  visitor = await visit(browser, product.url);
  await visitor.signIn();
});

afterAll(async () => {
  await browser?.close();
  await product?.close();
});

beforeEach(() => {
  visitor.faults.length = 0;
});

async function open(...cells: object[]): Promise<string> {
  const { id } = await api.post<{ id: string }>(`/api/projects/${projectId}/notebooks`, { title: 'Try', cells });
  await visitor.openNotebook(id);
  return id;
}

async function openEmpty(): Promise<string> {
  const { id } = await api.post<{ id: string }>(`/api/projects/${projectId}/notebooks`, { title: 'Empty', cells: [] });
  await visitor.page.goto(`/notebooks/${id}`);
  await visitor.page.locator('.status').getByText('Stored').waitFor({ timeout: 60_000 });
  return id;
}

const sql = (name: string, source: string, engine = 'browser') => ({ type: 'sql', name, source, engine });

describe('SQL in the browser', () => {
  test('exact numbers: BIGINT and DECIMAL reach the grid digit by digit', async () => {
    await open(
      sql(
        'big',
        "SELECT 9223372036854775807 AS i, 12345678901234567890123456789012345.678::DECIMAL(38,3) AS d, NULL AS n, '' AS e",
      ),
    );
    await visitor.reaches('big', 'good');
    const text = (await visitor.rows('big')).flat().join(' ').replaceAll(',', '').replaceAll(' ', ' ');
    expect(text).toContain('9223372036854775807');
    expect(text).toContain('12345678901234567890123456789012345.678');
  });

  test('a cell is written, named, run, and read by the next', async () => {
    await open(sql('base', 'SELECT 1 AS a'), sql('twice', 'SELECT a * 2 AS b FROM base'));
    await visitor.reaches('twice', 'good');
    await visitor.type('base', 'SELECT 21 AS a');
    await visitor.page.keyboard.press('ControlOrMeta+Enter');
    await expect.poll(async () => (await visitor.rows('twice')).flat().join(' ')).toContain('42');
  });

  test('malformed SQL says where and what to do, and the text stays', async () => {
    await open(sql('wrong', 'SELECT 1,\n  nonsense_column\nFROM (SELECT 1 AS nonsense_colum) t'));
    await visitor.reaches('wrong', 'failed');
    const said = await visitor.cell('wrong').textContent();
    expect(said).toMatch(/line 2/i);
    expect(said).toContain('nonsense_colum');
  });

  test('a changed input runs again what depends on it, and nothing else', async () => {
    await open(
      { type: 'input', name: 'factor', input: { kind: 'number', value: 2 } },
      sql('depends', 'SELECT 10 * {{factor}} AS v'),
      sql('apart', 'SELECT random() AS r'),
    );
    await visitor.reaches('depends', 'good');
    await visitor.reaches('apart', 'good');
    const before = await visitor.rows('apart');
    await visitor.page.getByLabel('Value of factor').fill('7');
    await visitor.page.keyboard.press('Enter');
    await expect.poll(async () => (await visitor.rows('depends')).flat().join(' ')).toContain('70');
    expect(await visitor.rows('apart')).toEqual(before);
  });

  test('Stop stops a query that would run for hours, and the tables stay', async () => {
    await open(sql('kept', 'SELECT 5 AS five'), sql('endless', 'SELECT 1 AS one'));
    await visitor.reaches('endless', 'good');
    await visitor.type(
      'endless',
      'SELECT count(*) AS c FROM range(10000000) a, range(10000000) b WHERE a.range + b.range < -1',
    );
    await visitor.page.keyboard.press('ControlOrMeta+Enter');
    await visitor.reaches('endless', 'running');
    await visitor.cell('endless').hover();
    await visitor.cell('endless').getByRole('button', { name: 'Stop' }).first().click();
    await visitor.reaches('endless', 'cancelled', 'failed');
    await visitor.type('endless', 'SELECT five + 1 AS six FROM kept');
    await visitor.page.keyboard.press('ControlOrMeta+Enter');
    await visitor.reaches('endless', 'good');
    expect((await visitor.rows('endless')).flat().join(' ')).toContain('6');
  });
});

describe('TypeScript', () => {
  test('values, tables, logs, and an error with its line', async () => {
    await open(
      sql('sales', 'SELECT i AS day, i * 10 AS amount FROM range(1, 4) t(i)'),
      {
        type: 'typescript',
        name: 'totals',
        source:
          'const total: number = [...sales].reduce((sum, row) => sum + Number(row.amount), 0);\nconsole.log(`total ${total}`);\ntotal',
      },
      { type: 'typescript', name: 'breaks', source: 'const a = 1;\n\nthrow new Error("on line three");' },
    );
    await visitor.reaches('totals', 'good');
    expect(await visitor.cell('totals').textContent()).toContain('total 60');
    await visitor.reaches('breaks', 'failed');
    const said = await visitor.cell('breaks').textContent();
    expect(said).toContain('on line three');
    expect(said).toMatch(/line 3/i);
  });
});

describe('files', () => {
  test('a dropped CSV is a table at once', async () => {
    await open(sql('first', 'SELECT 1 AS one'));
    await drop('fruit.csv', 'text/csv', 'name,price\napple,1.25\npear,2.50\n');
    await expect.poll(() => visitor.page.getByText('fruit', { exact: false }).count()).toBeGreaterThan(0);
    await visitor.type('first', 'SELECT sum(price) AS total FROM fruit');
    await visitor.page.keyboard.press('ControlOrMeta+Enter');
    await expect
      .poll(async () => (await visitor.rows('first')).flat().join(' '), { timeout: 20_000 })
      .toContain('3.75');
  });

  test('a file that is not what its name says is refused in words, and nothing is lost', async () => {
    const id = await open(sql('first', 'SELECT 1 AS one'));
    await drop('broken.parquet', 'application/octet-stream', 'this is no parquet file');
    await expect.poll(() => visitor.page.locator('body').innerText()).toMatch(/broken\.parquet[^]*(not|no) /i);
    const { cells } = await api.get<{ cells: { source: string }[] }>(`/api/notebooks/${id}`);
    expect(cells[0]?.source).toBe('SELECT 1 AS one');
  });
});

describe('text and charts', () => {
  test('a hostile notebook stays inert: markdown, chart titles and names run nothing', async () => {
    await open(
      {
        type: 'markdown',
        source:
          '<img src=x onerror="window.hacked=1"> <script>window.hacked=2</script> [x](javascript:window.hacked=3)\n\n# Head',
      },
      sql('rows_of', "SELECT '<img src=x onerror=window.hacked=4>' AS html, 1 AS n"),
      {
        type: 'chart',
        name: 'draw',
        chart: { from: 'rows_of', type: 'bar', x: 'html', y: 'n', title: '<img src=x onerror=window.hacked=5>' },
      },
      {
        type: 'typescript',
        name: 'evil',
        source: 'try { await fetch("http://127.0.0.1:9/"); } catch (e) { console.log("no network"); }\ntypeof document',
      },
    );
    await visitor.reaches('draw', 'good');
    await visitor.reaches('evil', 'good');
    expect(await visitor.page.evaluate(() => (window as unknown as { hacked?: number }).hacked)).toBeUndefined();
    expect(await visitor.cell('evil').textContent()).toContain('no network');
    expect(await visitor.cell('evil').textContent()).toContain('undefined');
  });

  test('the builder changes the chart', async () => {
    await open(
      sql(
        'by_day',
        "SELECT DATE '2026-10-01' + i::INTEGER AS day, i * i AS v, CASE WHEN i % 2 = 0 THEN 'even' ELSE 'odd' END AS g FROM range(10) t(i)",
      ),
      { type: 'chart', name: 'drawn', chart: { from: 'by_day', type: 'line', x: 'day', y: 'v', aggregate: 'sum' } },
    );
    await visitor.reaches('drawn', 'good');
    await visitor.cell('drawn').hover();
    await visitor.cell('drawn').getByRole('button', { name: 'Chart settings' }).click();
    const panel = visitor.page.locator('.panel');
    await panel.getByText('Bar', { exact: true }).click();
    await panel.getByLabel('Title', { exact: true }).fill('Squares grow');
    await panel.getByLabel('Title', { exact: true }).press('Enter');
    await expect.poll(() => visitor.cell('drawn').textContent()).toContain('Squares grow');
    await visitor.reaches('drawn', 'good');
  });
});

describe('keys', () => {
  test('an empty notebook begins with S, and what is typed next is in the new cell', async () => {
    const id = await openEmpty();
    const { page } = visitor;
    await page.keyboard.press('s');
    await page.locator('section[data-cell-type="sql"]').waitFor();
    await page.locator('.monaco-editor.focused').waitFor();
    await page.keyboard.insertText('SELECT 1 AS typed');
    const stored = async () =>
      (await api.get<{ cells: { source: string }[] }>(`/api/notebooks/${id}`)).cells.map((cell) => cell.source);
    await expect.poll(stored).toEqual(['SELECT 1 AS typed']);
  });

  test('a cell added with the mouse has the caret', async () => {
    await open(sql('one', 'SELECT 1 AS a'));
    const { page } = visitor;
    await page.getByRole('button', { name: 'Add a SQL cell' }).last().click();
    await page.locator('section[data-cell-type="sql"]').nth(1).locator('.monaco-editor.focused').waitFor();
  });

  test('add below, delete with undo, move, palette: by keyboard alone', async () => {
    const { page } = visitor;
    await open(sql('one', 'SELECT 1 AS a'), sql('two', 'SELECT 2 AS b'));
    const names = () =>
      page
        .locator('section[data-cell-type="sql"]')
        .evaluateAll((all) => all.map((each) => each.getAttribute('data-cell-name')));
    await visitor.cell('one').locator('.code').first().click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Alt+ArrowDown');
    await expect.poll(names).toEqual(['two', 'one']);
    await page.keyboard.press('Backspace');
    await expect.poll(names).toEqual(['two']);
    await page.getByRole('button', { name: /Undo/ }).last().click();
    await expect.poll(names).toEqual(['two', 'one']);
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('dialog').getByRole('combobox').waitFor();
    await page.keyboard.press('Escape');
  });
});

async function drop(name: string, type: string, text: string): Promise<void> {
  const transfer = await visitor.page.evaluateHandle(
    ([fileName, mime, body]) => {
      const data = new DataTransfer();
      data.items.add(new File([body ?? ''], fileName ?? '', { type: mime ?? '' }));
      return data;
    },
    [name, type, text],
  );
  for (const event of ['dragenter', 'dragover', 'drop']) {
    await visitor.page.dispatchEvent('main, .doc, body', event, { dataTransfer: transfer });
  }
}

import { launchBrowser } from '#lib/testing/browser.ts';
import { signedIn, startProduct } from '#lib/testing/product.ts';
import { openProxy } from '#lib/testing/proxy.ts';
import { visit } from '#lib/testing/visitor.ts';

/*
 * D7: nothing phones home. A day in the built product, every byte of Chromium through a proxy that notes what is asked of
 * another host, workers and websockets included; and no wasm trap is shown. It is a count, not a ratio: the goal is 0.
 * Every browser test counts foreign requests as well (visitor.ts); this looks deeper, at the browser's own network.
 */

const product = await startProduct();
const proxy = await openProxy(product.url);
const browser = await launchBrowser(proxy.flags);
const visitor = await visit(browser, product.url);
const api = await signedIn(product.url);

await visitor.signIn();
const { id: project } = await api.post<{ id: string }>('/api/projects', { name: 'D7' });
const sql = (name: string, source: string) => ({ type: 'sql', name, source, engine: 'browser' });
const cells = [
  sql('first', 'SELECT range AS n, range % 3 AS g FROM range(1000)'),
  sql('parquet', "SELECT * FROM read_parquet('https://example.com/x.parquet')"),
  sql('csv', "SELECT * FROM 'https://example.com/x.csv'"),
  sql('json', 'SELECT \'{"a": 1}\'::JSON AS j'),
  sql('icu', "SELECT now() AT TIME ZONE 'Europe/Rome' AS t"),
  sql('memory', 'SELECT list(range) FROM range(2000000000)'),
  { type: 'typescript', name: 'script', source: "fetch('https://example.com/').catch(() => 0);\nfirst.numRows" },
  { type: 'markdown', source: '# Text\n\n![picture](https://example.com/x.png) <img src="https://example.com/y.png">' },
  { type: 'chart', name: 'bars', chart: { from: 'first', type: 'bar', x: 'g', y: 'n', aggregate: 'sum' } },
];
const notebook = await api.post<{ id: string }>(`/api/projects/${project}/notebooks`, { title: 'D7', cells });
await visitor.openNotebook(notebook.id);
for (const name of ['parquet', 'csv', 'json', 'icu', 'memory']) await visitor.reaches(name, 'failed');
for (const name of ['first', 'script', 'bars']) await visitor.reaches(name, 'good');
await visitor.cell('bars').locator('svg, canvas').first().waitFor();

const shown = await visitor.page.locator('main, body').first().innerText();
const traps =
  shown.match(/RuntimeError|memory access out of bounds|unreachable executed|table index is out of bounds/g) ?? [];
for (const path of ['/', '/settings', '/insights']) await visitor.page.goto(path);

/** Chromium's own errands, which no page causes and no flag stops. */
const errands =
  /^(https?:\/\/)?(content-autofill\.googleapis\.com|accounts\.google\.com|www\.google\.com|[a-z0-9-]+\.gvt1\.com|(update|clients2|optimizationguide-pa|safebrowsing|android\.clients)\.google(apis)?\.com)[:/]/;
const asked = proxy.foreign.filter((what) => !errands.test(what));
const counts = { foreign: [...asked, ...visitor.faults], traps, requests: proxy.passed() };
await visitor.leave();
await browser.close();
await proxy.close();
await product.close();
const total = counts.foreign.length + counts.traps.length;
const verdict = total === 0 && counts.requests > 0 ? 'pass' : 'miss';
console.log(
  `D7 ${total} (= 0) ${verdict} · ${counts.requests} requests to Lodestar itself, ${proxy.foreign.length - asked.length} errands of Chromium's own left out`,
);
for (const what of [...counts.foreign, ...counts.traps]) console.log(`  ${what}`);
process.exitCode = verdict === 'pass' ? 0 : 1;

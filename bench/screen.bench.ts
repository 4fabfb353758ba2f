import { launchBrowser } from '#lib/testing/browser.ts';
import { signedIn, startProduct } from '#lib/testing/product.ts';
import { visit } from '#lib/testing/visitor.ts';
import { percentile } from './verdict.ts';
import { run } from './frame.ts';

/*
 * From an event to the number on a screen, as a share of the two seconds that are promised: an event is pushed, and from the
 * moment it was accepted until a cell of a notebook that is open in Chromium shows the number it changes. Once through a
 * windowless job, once through windows of ten seconds, where the event is the one that moves the watermark past their end. The whole
 * product, by HTTP.
 */
const promised = 2000;
const count = Number(process.env.SCREEN_EVENTS ?? 40);
const size = 10_000;
const base = Math.floor(Date.now() / size) * size - 86_400_000;

const product = await startProduct();
const browser = await launchBrowser();
const api = await signedIn(product.url);
const project = await api.post<{ id: string }>('/api/projects', { name: 'Screen' });
const visitor = await visit(browser, product.url);
await visitor.signIn();

const each = await watched({
  name: 'each',
  sql: 'SELECT id, time, cents / 100 AS euros FROM each_stream WHERE cents > 0',
  realtime: { kind: 'windowless', start: 'beginning' },
});
const windows = await watched({
  name: 'windows',
  sql: `SELECT count(*) AS sales FROM windows_stream WHERE time >= {{window_start}} AND time < {{window_end}}`,
  realtime: { kind: 'tumbling', seconds: size / 1000, delay: 0, start: 'beginning' },
});
await measureOn('S2-screen', each, 'windowless');
await measureOn('S2-screen-windows', windows, 'windows of 10 s, from the event that moves the watermark');
await browser.close();
await product.close();
process.exit(0);

interface Watched {
  push(): Promise<void>;
  notebookId: string;
}

/** A stream with a job on it, and a notebook whose one cell counts what the job published. */
async function watched({ name, sql, realtime }: { name: string; sql: string; realtime: object }): Promise<Watched> {
  const stream = { name: `${name}_stream`, eventTime: 'time', key: 'id', idle: 86_400 };
  const { id } = await api.post<{ id: string }>(`/api/projects/${project.id}/streams`, stream);
  let sent = 0;
  const push = async () => {
    const time = new Date(base + sent * size).toISOString();
    sent += 1;
    await api.post(`/api/streams/${id}/events`, [{ id: sent, time, cents: sent }]);
  };
  await push();
  await push();
  const at = (ms: number) => ({ kind: 'timestamp', value: new Date(ms).toISOString().slice(0, 19).replace('T', ' ') });
  const verified = await makeNotebook(`Verifies ${name}`, [
    { type: 'input', name: 'window_start', input: at(base) },
    { type: 'input', name: 'window_end', input: at(base + size) },
    { type: 'sql', name: 'live', engine: 'warehouse', source: sql },
  ]);
  const asked = { cell: 'live', target: name, realtime: { stream: id, ...realtime } };
  const promotion = await api.post<{ id: string }>(`/api/notebooks/${verified}/promotions`, asked);
  await api.post(`/api/promotions/${promotion.id}/submit`);
  await api.post(`/api/promotions/${promotion.id}/approve`, { comment: '' });
  const shows = `SELECT 'seen ' || count(*) || ';' AS seen FROM ${name}`;
  return {
    push,
    notebookId: await makeNotebook(`Shows ${name}`, [{ type: 'sql', name: 'shown', engine: 'browser', source: shows }]),
  };
}

async function makeNotebook(title: string, cells: object[]): Promise<string> {
  return (await api.post<{ id: string }>(`/api/projects/${project.id}/notebooks`, { title, cells })).id;
}

async function measureOn(name: string, { push, notebookId }: Watched, what: string): Promise<void> {
  await visitor.openNotebook(notebookId);
  await visitor.reaches('shown', 'good');
  let seen = await seenNow();
  await run({
    name,
    goal: { atMost: 1 },
    note: `${what}: p99 of ${count} events, ms; the baseline is what is promised`,
    baseline: async () => promised,
    candidate: async () => {
      const times: number[] = [];
      for (let n = 0; n < count; n += 1) {
        await push();
        const accepted = performance.now();
        seen += 1;
        await shows(`seen ${seen};`);
        times.push(performance.now() - accepted);
      }
      return { cost: percentile(times, 0.99), detail: { p50: percentile(times, 0.5), most: Math.max(...times) } };
    },
  });
}

/** Looked at with each frame that is drawn; a locator looks only now and then. */
async function shows(text: string): Promise<void> {
  await visitor.page.waitForFunction(
    (wanted) => document.querySelector('section[data-cell-name="shown"]')?.textContent?.includes(wanted),
    text,
  );
}

/** What the job had to answer before the first of ours is on the screen by then. */
async function seenNow(): Promise<number> {
  let last = '';
  for (let same = 0; same < 5;) {
    const text = await visitor
      .cell('shown')
      .getByText(/seen \d+;/)
      .innerText();
    same = text === last ? same + 1 : 0;
    last = text;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  return Number(/\d+/.exec(last)?.[0]);
}

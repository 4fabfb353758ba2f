import { readdir, readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';

/** CPU milliseconds of the process that shows the page, its workers included; null where the system does not tell. */
export async function rendererCpu(page: Page): Promise<(() => Promise<number>) | null> {
  const pid = await rendererOf(page);
  const spent = () => cpuOf(pid);
  return (await spent().catch(() => null)) === null ? null : spent;
}

/** The renderer that works when the page does. */
async function rendererOf(page: Page): Promise<number> {
  const session = await page.context().browser()!.newBrowserCDPSession();
  const times = async () => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    return new Map(processInfo.filter(({ type }) => type === 'renderer').map(({ id, cpuTime }) => [id, cpuTime]));
  };
  const before = await times();
  await page.evaluate(() => {
    const end = performance.now() + 300;
    while (performance.now() < end);
  });
  const after = await times();
  const grown = [...after]
    .map(([id, time]) => ({ id, by: time - (before.get(id) ?? 0) }))
    .toSorted((a, b) => b.by - a.by);
  return grown[0]!.id;
}

/** Nanoseconds on a processor, of every thread, as Linux counts them. */
async function cpuOf(pid: number): Promise<number> {
  const folder = `/proc/${pid}/task`;
  const threads = await readdir(folder);
  const counts = threads.map((thread) => readFile(`${folder}/${thread}/schedstat`, 'utf8').catch(() => '0'));
  return (await Promise.all(counts)).reduce((sum, text) => sum + Number(text.split(' ')[0]), 0) / 1e6;
}

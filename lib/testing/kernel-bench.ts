import type { Browser, Page } from 'playwright-core';
import type { Kernel } from '#kernels/kernel.ts';
import { launchBrowser } from './browser.ts';
import { openHarness, type Harness } from './harness.ts';
import { pageKernel } from './page-kernel.ts';

/** Chromium on the harness page, for tests of the browser's kernels. */
export interface KernelBench {
  browser: Browser;
  harness: Harness;
  /** A new page with kernels of its own. */
  page(): Promise<Page>;
  /** A kernel in a new page. */
  kernel(name: 'browser' | 'typescript'): Promise<Kernel>;
  close(): Promise<void>;
}

export async function openBench(): Promise<KernelBench> {
  const harness = await openHarness('lib/testing/browser-page.ts');
  const browser = await launchBrowser();
  const page = async () => {
    const page = await browser.newPage();
    await page.goto(harness.url);
    await page.waitForFunction(() => 'kernels' in globalThis);
    return page;
  };
  const close = async () => {
    await browser.close();
    await harness.close();
  };
  return { browser, harness, page, kernel: async (name) => pageKernel(await page(), name), close };
}

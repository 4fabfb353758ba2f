import { createBrowserKernel, createTypeScriptKernel } from '#kernels/browser.ts';

/** The engines of this tab, kept over pages: the second notebook opens on a warm engine. */
let engines: {
  browser: ReturnType<typeof createBrowserKernel>;
  typescript: ReturnType<typeof createTypeScriptKernel>;
} | null = null;

export function enginesOfTab() {
  engines ??= { browser: createBrowserKernel(), typescript: createTypeScriptKernel() };
  return engines;
}

/** The tab's own DuckDB, for a page that is no notebook. */
export function browserOfTab() {
  return enginesOfTab().browser;
}

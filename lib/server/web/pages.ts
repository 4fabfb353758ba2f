import next from 'next';
import type { Pages } from './server.ts';

/** Next, serving what `next build` made, or compiling as it goes in development. */
export async function openPages(options: {
  dir: string;
  dev: boolean;
  hostname: string;
  port: number;
}): Promise<Pages & { close(): Promise<void> }> {
  const app = next(options);
  await app.prepare();
  const handle = app.getRequestHandler();
  return {
    handle: (request, response) => handle(request, response),
    ...(options.dev ? { upgrade: app.getUpgradeHandler() } : {}),
    close: () => app.close(),
  };
}

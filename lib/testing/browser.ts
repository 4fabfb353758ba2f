import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/*
 * Real Chromium for tests and benches, through playwright-core. Debian's binary, or the one CHROMIUM names; where there is
 * none the launch fails with what to do, and never counts as passed.
 */

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a headless Chromium; the caller closes it. */
export async function launchBrowser(flags: string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), args: [...QUIET, ...flags] });
}

/** The path of a Chromium, or an error that says how to get one. */
export function findChromium(): string {
  const places = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  const found = places.find((path) => path && existsSync(path));
  if (!found) throw new Error('No Chromium found: `apt-get install chromium`, or name one in CHROMIUM.');
  return found;
}

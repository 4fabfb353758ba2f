import { existsSync } from 'node:fs';
import { say } from './terminal.mjs';
import { quietly } from './tool.mjs';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where Chromium is; installs Debian's where we may. Otherwise why not, and what to do. */
export async function findChromium() {
  const found = look();
  if (found) return { path: found };
  if (process.env.CHROMIUM_PATH) return { why: `CHROMIUM_PATH names ${process.env.CHROMIUM_PATH}, which is not there` };
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    return { why: 'no Chromium: install it (Debian: apt-get install chromium) or set CHROMIUM_PATH' };
  return installChromium();
}

function look() {
  if (process.env.CHROMIUM_PATH) return existsSync(process.env.CHROMIUM_PATH) ? process.env.CHROMIUM_PATH : undefined;
  return places.find((place) => existsSync(place));
}

async function installChromium() {
  say('Installing Chromium …');
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await quietly('apt-get', ['update'], { env });
    await quietly('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { env });
  } catch (error) {
    return { why: `no Chromium, and apt-get could not install it: ${error.message.split('\n').at(-1)}` };
  }
  return { path: look() };
}

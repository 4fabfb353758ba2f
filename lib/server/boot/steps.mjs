import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf, isStamped, writeStamp } from './inputs.mjs';
import { step } from './terminal.mjs';
import { Failure, quietly, root } from './tool.mjs';

/*
 * What must be true before Lodestar can run or be tested: packages installed, the database client generated, the files
 * browsers fetch in place, pages built. Each step looks first and does nothing when it was done.
 */

export async function prepare({ pages }) {
  demandNode();
  await install();
  await generate();
  await assets();
  if (pages) await buildPages();
}

function demandNode() {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) throw new Failure(`Lodestar needs Node 20 or newer to start; this is ${process.versions.node}.`);
}

async function install() {
  if (isInstalled()) return;
  await step('Installing packages', installLocked);
}

const npmOptions = ['--include=dev', '--no-audit', '--no-fund'];

/** A lock file written where binaries of other systems could not be seen is refused by `ci`; `install` keeps its versions too. */
async function installLocked() {
  try {
    await quietly('npm', ['ci', ...npmOptions]);
  } catch (error) {
    if (!/code EUSAGE/.test(error.message)) throw error;
    await quietly('npm', ['install', '--no-save', ...npmOptions]);
  }
}

/** npm keeps a copy of the lock file of what it installed: every package must stand in it in the version we pin. */
function isInstalled() {
  const installed = readJson('node_modules/.package-lock.json');
  if (!installed || !existsSync(join(root, 'node_modules/.bin/node'))) return false;
  const wanted = Object.entries(readJson('package-lock.json').packages).filter(([path]) => path !== '');
  return wanted.every(([path, entry]) => {
    const found = installed.packages[path];
    return found ? found.version === entry.version : Boolean(entry.optional || entry.peer || entry.devOptional);
  });
}

async function generate() {
  const hash = hashOf(['prisma/schema.prisma', 'prisma.config.ts']);
  if (isStamped('prisma/client/.stamp', hash)) return;
  // Generating needs no engine, but Prisma would fetch one: it is given a program that does nothing in its place.
  const env = { PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true' };
  await step('Generating the database client', () => quietly('prisma', ['generate'], { env }));
  writeStamp('prisma/client/.stamp', hash);
}

/** Looks for itself what is missing. */
async function assets() {
  await quietly('node', ['kernels/assets.mjs']);
}

const sources = ['app', 'components', 'kernels', 'lib', 'public', 'prisma/schema.prisma'];
const settings = ['package-lock.json', 'package.json', 'next.config.js', 'postcss.config.mjs', 'tsconfig.json'];

async function buildPages() {
  const hash = hashOf([...sources, ...settings], isNoInput);
  if (isStamped('.next/lodestar.stamp', hash)) return;
  rmSync(join(root, '.next/lodestar.stamp'), { force: true });
  await step('Building the pages', () => nextBuild(6));
  writeStamp('.next/lodestar.stamp', hash);
}

/** Next 16.4 now and then fails on its own /_global-error page (vercel/next.js#95741); the same build then passes. */
async function nextBuild(tries) {
  try {
    await quietly('next', ['build'], { env: { NODE_ENV: 'production' } });
  } catch (error) {
    if (tries === 1 || !error.message.includes('/_global-error')) throw error;
    await nextBuild(tries - 1);
  }
}

/** Tests, the boot scripts and generated files do not change what the pages are. */
function isNoInput(path) {
  return (
    /\.((server|browser|trino|trino-browser|kafka)-)?test\.tsx?$/.test(path) ||
    /^(lib\/testing|lib\/server\/boot|public\/duckdb)\//.test(path)
  );
}

function readJson(file) {
  const full = join(root, file);
  return existsSync(full) ? JSON.parse(readFileSync(full, 'utf8')) : null;
}

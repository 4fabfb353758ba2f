import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { build } from 'vite';

/*
 * Puts the files the browser's kernels fetch by address into public/: DuckDB's wasm and worker, gzipped once here and
 * under their version, so that a browser keeps them for good; and the inside of the TypeScript sandbox as one script.
 * Nothing is downloaded: all of it is in node_modules or here.
 */

const ROOT = join(import.meta.dirname, '..');
const DUCKDB = join(ROOT, 'node_modules/@duckdb/duckdb-wasm');
const FILES = ['duckdb-eh.wasm', 'duckdb-browser-eh.worker.js'];

/** Makes what is missing; a second call takes a second at most. */
export async function buildAssets() {
  const { version } = JSON.parse(await readFile(join(DUCKDB, 'package.json'), 'utf8'));
  const folder = join(ROOT, 'public/duckdb', version);
  await mkdir(folder, { recursive: true });
  for (const file of FILES) await compress(join(DUCKDB, 'dist', file), join(folder, file));
  await bundleWorker();
}

async function bundleWorker() {
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'warn',
    publicDir: false,
    build: {
      outDir: join(ROOT, 'public/sandbox'),
      emptyOutDir: false,
      target: 'esnext',
      lib: {
        entry: join(ROOT, 'kernels/typescript/worker/main.ts'),
        formats: ['iife'],
        name: 'sandbox',
        fileName: () => 'worker.js',
      },
    },
  });
}

async function compress(from, to) {
  if (existsSync(to)) return;
  const whole = `${to}.${process.pid}`;
  await writeFile(whole, await promisify(gzip)(await readFile(from), { level: 9 }));
  await rename(whole, to);
}

if (import.meta.main) await buildAssets();

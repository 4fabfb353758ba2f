import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { build } from 'vite';
import { buildAssets } from '#kernels/assets.mjs';
import { kernelHeaders } from '#kernels/headers.mjs';

/*
 * A page without Next: one entry file bundled by vite and served on loopback beside `public/`, with the headers the
 * product gives, so that kernels are tried in a real browser on the files and the policies they ship with.
 */

export interface Harness {
  url: string;
  /** Paths asked for, in order. */
  requests: string[];
  close(): Promise<void>;
}

const ROOT = join(import.meta.dirname, '../..');
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
};
const PAGE =
  '<!doctype html><meta charset="utf-8"><title>harness</title><body><script type="module" src="/entry.js"></script>';

/** Bundles `entry`, a path from the root of the project, and serves a page that loads it. */
export async function openHarness(entry: string): Promise<Harness> {
  await buildAssets();
  const folder = await mkdtemp(join(tmpdir(), 'lodestar-harness-'));
  await bundle(join(ROOT, entry), folder);
  const requests: string[] = [];
  const server = await listen([folder, join(ROOT, 'public')], requests);
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, requests, close };
}

async function bundle(entry: string, outDir: string): Promise<void> {
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'warn',
    publicDir: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir,
      emptyOutDir: false,
      minify: false,
      target: 'esnext',
      modulePreload: false,
      rollupOptions: { input: entry, output: { entryFileNames: 'entry.js' }, preserveEntrySignatures: 'strict' },
    },
  });
}

async function listen(folders: string[], requests: string[]): Promise<Server> {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://harness').pathname);
    requests.push(path);
    await answer(path, folders, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function answer(path: string, folders: string[], response: ServerResponse): Promise<void> {
  for (const { key, value } of headersFor(path)) response.setHeader(key, value);
  response.setHeader('Content-Type', TYPES[extname(path) || '.html'] ?? 'application/octet-stream');
  const body = path === '/' ? PAGE : await find(path, folders);
  response.statusCode = body === null ? 404 : 200;
  response.end(body);
}

async function find(path: string, folders: string[]): Promise<Buffer | null> {
  for (const folder of folders) {
    const body = await readFile(join(folder, path)).catch(() => null);
    if (body) return body;
  }
  return null;
}

function headersFor(path: string) {
  const rule = kernelHeaders.find(({ source }) => path.startsWith(source.slice(0, source.indexOf(':'))));
  return rule?.headers ?? [];
}

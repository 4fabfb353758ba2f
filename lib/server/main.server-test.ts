import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { admin, signedIn, startProduct } from '#lib/testing/product.ts';

/** The process itself, as `npm start` runs it. It needs the pages built, which `npm test` does first. */

let dataDir: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'lodestar-main-'));
});
afterEach(async () => {
  for (const child of children.splice(0))
    if (child.exitCode === null && child.signalCode === null) await end(child, 'SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
});

/** Starts main.ts on a free port; resolves when it is ready or has ended. */
async function launch(env: Record<string, string> = {}): Promise<{ child: ChildProcess; url: string; output: string }> {
  const {
    ADMIN_EMAIL: _email,
    ADMIN_PASSWORD: _password,
    DATABASE_URL: _url,
    PUBLIC_URL: _public,
    ...rest
  } = process.env;
  const settings = { ...rest, NODE_ENV: 'production', PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'warn', ...env };
  const child = spawn(process.execPath, ['lib/server/main.ts'], {
    env: settings as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let output = '';
  const settled = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    const hear = (chunk: Buffer) => {
      output += chunk.toString();
      if (/is ready at [\s\S]*\n/.test(output)) resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
  });
  await settled;
  return { child, url: /ready at (\S+)/.exec(output)?.[1] ?? '', output };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const gone = once(child, 'exit');
  child.kill(signal);
  const [code] = (await gone) as [number | null];
  return code;
}

const exitOf = async (child: ChildProcess) => child.exitCode ?? ((await once(child, 'exit'))[0] as number);

/** Keeps cookies as a browser does. */
function browserAt(url: string) {
  const jar = new Map<string, string>();
  const ask = async (path: string, form?: Record<string, string>, origin = url) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { cookie, ...(form ? { origin } : {}) };
    const sent: RequestInit = form ? { method: 'POST', headers, body: new URLSearchParams(form) } : { headers };
    const response = await fetch(url + path, { ...sent, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', ...value] = line.split(';')[0]?.split('=') ?? [];
      jar.set(name, value.join('='));
    }
    return response;
  };
  return { jar, ask };
}

test.each([
  [{ PORT: 'abc' }, /^Lodestar did not start: PORT is wrong[^\n]*\n$/],
  [{ DATABASE_URL: 'mysql://x' }, /^Lodestar did not start: DATABASE_URL must be[^\n]*\n$/],
  [{ ADMIN_EMAIL: 'a@b.example', ADMIN_PASSWORD: 'short' }, /^Lodestar did not start: ADMIN_PASSWORD must[^\n]*\n$/],
])('%o stops the start with one clear line', async (env: Record<string, string>, line) => {
  const { child, output } = await launch(env);
  expect(await exitOf(child)).toBe(1);
  expect(output).toMatch(line);
});

test('a database that cannot be reached stops the start and names the setting', async () => {
  const { child, output } = await launch({ DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' });
  expect(await exitOf(child)).toBe(1);
  expect(output).toMatch(/^Lodestar did not start: DATABASE_URL[^\n]*\n$/);
});

describe('a running Lodestar', () => {
  test('prints its address and a token that makes the first account, once; a second process is refused; kill -9 loses nothing', async () => {
    const first = await launch();
    const token = /one-time token: (\S+)/.exec(first.output)?.[1] ?? '';
    const post = (url: string) =>
      fetch(`${url}/api/setup`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: url },
        body: JSON.stringify({ token, name: 'Lead', ...admin }),
      });
    expect((await post(first.url)).status).toBe(201);
    expect((await post(first.url)).status).toBe(409);

    const second = await launch();
    expect(await exitOf(second.child)).toBe(1);
    expect(second.output).toMatch(
      new RegExp(
        `^Lodestar did not start: [^\\n]*is in use by another Lodestar \\(process ${first.child.pid}[^\\n]*\\n$`,
      ),
    );

    await end(first.child, 'SIGKILL');
    const third = await launch();
    expect(third.output).not.toMatch(/one-time token/);
    await signedIn(third.url);
    expect(await end(third.child, 'SIGTERM')).toBe(0);
  });

  test('a page and the API carry the security headers; a static file of the sandbox keeps its own', async () => {
    const product = await startProduct();
    try {
      const page = await fetch(`${product.url}/signin`);
      const policy = page.headers.get('content-security-policy') ?? '';
      const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? 'none';
      expect(policy).not.toContain("'unsafe-eval'");
      expect(page.headers.get('x-content-type-options')).toBe('nosniff');
      const scripts = (await page.text()).match(/<script[^>]*>/g) ?? [];
      expect(scripts.length).toBeGreaterThan(0);
      expect(scripts.filter((script) => !script.includes(`nonce="${nonce}"`))).toEqual([]);
      expect((await fetch(`${product.url}/api/health`)).headers.get('content-security-policy')).toContain(
        "default-src 'self'",
      );
      const sandbox = (await fetch(`${product.url}/sandbox/frame.html`)).headers.get('content-security-policy');
      expect(sandbox).toContain("connect-src 'none'");
      expect(sandbox).toContain('sandbox allow-scripts');
      expect(sandbox).not.toContain("'self' 'nonce");
    } finally {
      await product.close();
    }
  });

  test('next-auth signs in by cookie, keeps no foreign Origin, and sign-out ends the session at once', async () => {
    const product = await startProduct();
    try {
      const { ask, jar } = browserAt(product.url);
      const { csrfToken } = (await (await ask('/api/auth/csrf')).json()) as { csrfToken: string };
      const form = { csrfToken, json: 'true', ...admin };
      expect((await ask('/api/auth/callback/credentials', form, 'https://evil.example')).status).toBe(403);
      expect((await ask('/api/me')).status).toBe(401);
      const signedIn = await ask('/api/auth/callback/credentials', form);
      expect(signedIn.headers.getSetCookie().join()).toMatch(/session-token=[^;]+;.*HttpOnly; SameSite=Lax/);
      expect((await ask('/api/me')).status).toBe(200);
      const before = new Map(jar);
      expect((await ask('/api/auth/signout', { csrfToken, json: 'true' })).status).toBe(200);
      for (const [name, value] of before) jar.set(name, value);
      expect((await ask('/api/me')).status).toBe(401);
    } finally {
      await product.close();
    }
  });
});

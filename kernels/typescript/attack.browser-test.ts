import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { gather, type Ran } from '#kernels/contract.ts';
import type { Kernel } from '#kernels/kernel.ts';
import { openBench, type KernelBench } from '#lib/testing/kernel-bench.ts';
import { openListener, type Listener } from '#lib/testing/listener.ts';
import { pageKernel } from '#lib/testing/page-kernel.ts';

/*
 * SECURITY 4: a TypeScript cell reaches no network, no storage and no page. Each attack runs in the real sandbox while a
 * socket on loopback listens; the same words in an ordinary page are heard, so silence means the sandbox held.
 */

let bench: KernelBench;
let page: Page;
let kernel: Kernel;
let listener: Listener;

beforeAll(async () => {
  bench = await openBench();
  listener = await openListener();
  page = await bench.page();
  kernel = await pageKernel(page, 'typescript');
});

afterAll(async () => {
  await bench.close();
  await listener.close();
});

beforeEach(() => {
  listener.heard.length = 0;
});

function run(source: string, timeout = 20_000): Promise<Ran> {
  return gather(kernel, { name: 'cell', source }, { parameters: {}, relations: {} }, { timeout });
}

/** Long enough for a packet to cross loopback, seen by one that does. */
async function settle(): Promise<void> {
  const before = listener.heard.length;
  await fetch(`${listener.http}/settled`);
  await expect.poll(() => listener.heard.length).toBeGreaterThan(before);
}

function foreign(): string[] {
  return listener.heard.filter((line) => !line.includes('/settled'));
}

/** Code that tries to reach `URL`; it may also throw. */
const network: Record<string, string> = {
  fetch: `await fetch(URL)`,
  'fetch without cors': `await fetch(URL, { mode: 'no-cors', method: 'POST', body: 'x' })`,
  'fetch kept alive': `await fetch(URL, { keepalive: true, mode: 'no-cors' })`,
  XMLHttpRequest: `await new Promise((end) => { const x = new XMLHttpRequest(); x.onloadend = end; x.open('GET', URL); x.send(); })`,
  WebSocket: `await new Promise((end) => { const s = new WebSocket(URL.replace('http', 'ws')); s.onerror = end; s.onopen = end; })`,
  EventSource: `await new Promise((end) => { const s = new EventSource(URL); s.onerror = end; s.onopen = end; })`,
  importScripts: `importScripts(URL)`,
  'dynamic import': `await (0, eval)('import("' + URL + '")')`,
  'a worker by address': `await new Promise((end) => { const w = new Worker(URL); w.onerror = end; setTimeout(end, 500); })`,
  'a worker in a worker': `await new Promise((end) => {
    const code = 'fetch("' + URL + '", { mode: "no-cors" }).finally(() => postMessage(1)); try { importScripts("' + URL + '") } catch {}';
    const w = new Worker(globalThis.URL.createObjectURL(new Blob([code])));
    w.onerror = end; w.onmessage = end;
  })`,
  'a module worker': `await new Promise((end) => {
    const w = new Worker(globalThis.URL.createObjectURL(new Blob(['import "' + URL + '"'], { type: 'text/javascript' })), { type: 'module' });
    w.onerror = end; setTimeout(end, 500);
  })`,
  WebTransport: `await new WebTransport(URL.replace('http', 'https')).ready`,
  sendBeacon: `navigator.sendBeacon(URL, 'x')`,
  WebRTC: `const p = new RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:PORT' }] }); p.createDataChannel('x'); await p.setLocalDescription(await p.createOffer()); await new Promise((end) => setTimeout(end, 500))`,
  'an image': `new Image().src = URL; await new Promise((end) => setTimeout(end, 300))`,
  'a font': `await new FontFace('x', 'url(' + URL + ')').load()`,
  navigation: `self.location.href = URL; self.location = URL; await new Promise((end) => setTimeout(end, 300))`,
  'a popup': `open(URL)`,
  'the client list': `await clients.openWindow(URL)`,
  'a service worker': `await navigator.serviceWorker.register(URL)`,
  'a wasm stream': `await WebAssembly.instantiateStreaming(fetch(URL))`,
  'a cache': `const c = await caches.open('x'); await c.add(URL)`,
};

function aimed(code: string): string {
  return code.replaceAll('PORT', String(listener.port));
}

describe('a cell cannot reach the network', () => {
  for (const [name, code] of Object.entries(network)) {
    test(`by ${name}`, async () => {
      const { done } = await run(
        `const URL = '${listener.http}/attack';\ntry { ${aimed(code)} } catch (e) { console.log(String(e)) }\n1`,
      );
      expect(done).not.toBeNull();
      await settle();
      expect(foreign()).toEqual([]);
    });
  }

  test('and the listener would have heard it from an ordinary page', async () => {
    for (const code of [network['fetch']!, network['WebSocket']!, network['an image']!, network['sendBeacon']!]) {
      const before = foreign().length;
      const words = `(async () => { const URL = '${listener.http}/attack'; try { ${code} } catch {} })()`;
      await page.evaluate(words);
      await expect.poll(() => foreign().length, { timeout: 5000 }).toBeGreaterThan(before);
    }
  });

  test('and WebRTC, which no policy stops, is not there at all', async () => {
    expect(await textOf(`typeof RTCPeerConnection + typeof webkitRTCPeerConnection`)).toBe('undefinedundefined');
  });
});

async function textOf(expression: string): Promise<string> {
  const { events } = await run(expression);
  const value = events.findLast((event) => event.type === 'value');
  return value?.type === 'value' ? value.value.text : '';
}

describe('a cell cannot reach the page or what it stores', () => {
  test('there is no window, document or parent', async () => {
    const names = [
      'window',
      'document',
      'parent',
      'top',
      'opener',
      'frames',
      'localStorage',
      'sessionStorage',
      'cookieStore',
    ];
    const found = names.map((name) => `typeof ${name}`).join(' + " " + ');
    expect(await textOf(found)).toBe(names.map(() => 'undefined').join(' '));
  });

  test('databases, caches and files of the origin are refused', async () => {
    const attempts = [
      `await new Promise((yes, no) => { const r = indexedDB.open('x'); r.onsuccess = yes; r.onerror = no; })`,
      `await caches.open('x')`,
      `await navigator.storage.getDirectory()`,
      `await navigator.locks.request('x', () => 1)`,
    ];
    for (const attempt of attempts) {
      expect(await textOf(`let was = 'reached';\ntry { ${attempt} } catch { was = 'refused' }\nwas`), attempt).toBe(
        'refused',
      );
    }
  });

  test('its origin is opaque, so a channel of the page is another one', async () => {
    await page.evaluate(() => {
      const got: unknown[] = [];
      Object.assign(globalThis, { got });
      new BroadcastChannel('lodestar').addEventListener('message', (event) => got.push(event.data));
    });
    await run(
      `new BroadcastChannel('lodestar').postMessage('x'); await new Promise((end) => setTimeout(end, 200)); self.origin`,
    );
    expect(await textOf('self.origin')).toBe('null');
    expect(await page.evaluate(() => (globalThis as unknown as { got: unknown[] }).got)).toEqual([]);
  });

  test('messages of its own are not taken for results', async () => {
    const { values, error } = await forged(
      `postMessage({ type: 'value', name: 'forged', value: { type: 'string', text: 'x' } })`,
    );
    expect(error).toBeNull();
    expect(values).not.toContain('forged');
  });

  test('the port cannot be had by patching what sends through it', async () => {
    const { values } = await forged(`
      MessagePort.prototype.postMessage = function () { globalThis.stolen = this };
      Function.prototype.bind = function () { globalThis.stolen = this };
      console.log('go');
      if (globalThis.stolen) throw new Error('stolen');`);
    expect(values).toEqual(['cell']);
  });

  async function forged(code: string) {
    const { events, error } = await run(`${code}\n'value'`);
    return { error, values: events.flatMap((event) => (event.type === 'value' ? [event.name] : [])) };
  }
});

describe('runs do not know each other', () => {
  test('a global of one run is not there in the next', async () => {
    await run(`globalThis.left = 1; Array.prototype.map = () => 'broken'; 1`);
    expect(await textOf(`typeof left + [1].map((n) => n + 1)`)).toBe('undefined2');
  });

  test('a timer of one run does not live on', async () => {
    await run(`setInterval(() => console.log('still here'), 1); 1`);
    const { events } = await run(`await new Promise((end) => setTimeout(end, 100)); 1`);
    expect(events.filter((event) => event.type === 'log')).toEqual([]);
  });
});

describe('the frame around it, should code ever run there', () => {
  const inFrame: Record<string, string> = {
    fetch: network['fetch']!,
    XMLHttpRequest: network['XMLHttpRequest']!,
    WebSocket: network['WebSocket']!,
    EventSource: network['EventSource']!,
    'a beacon': network['sendBeacon']!,
    'an image': network['an image']!,
    'a style sheet': `const l = document.createElement('link'); l.rel = 'stylesheet'; l.href = URL; document.head.append(l); await new Promise((end) => setTimeout(end, 300))`,
    'a style import': `const s = document.createElement('style'); s.textContent = '@import "' + URL + '"; body { background: url(' + URL + ') }'; document.head.append(s); await new Promise((end) => setTimeout(end, 300))`,
    prefetch: `for (const rel of ['prefetch', 'preload', 'modulepreload', 'prerender']) { const l = document.createElement('link'); l.rel = rel; l.as = 'script'; l.href = URL; document.head.append(l); } await new Promise((end) => setTimeout(end, 300))`,
    'a script': `const s = document.createElement('script'); s.src = URL; document.head.append(s); await new Promise((end) => setTimeout(end, 300))`,
    'a form': `const f = document.createElement('form'); f.action = URL; document.body.append(f); f.submit(); await new Promise((end) => setTimeout(end, 300))`,
    'a frame': `const f = document.createElement('iframe'); f.src = URL; document.body.append(f); await new Promise((end) => setTimeout(end, 300))`,
    'an object': `const o = document.createElement('object'); o.data = URL; document.body.append(o); await new Promise((end) => setTimeout(end, 300))`,
    'a video': `const v = document.createElement('video'); v.src = URL; document.body.append(v); v.load(); await new Promise((end) => setTimeout(end, 300))`,
    'a popup': `open(URL)`,
    'the page itself': `top.location = URL`,
    'a service worker': network['a service worker']!,
  };
  for (const [name, code] of Object.entries(inFrame)) {
    test(`cannot reach the network by ${name}`, async () => {
      await run('1');
      await sandboxFrame().evaluate(
        `(async () => { const URL = '${listener.http}/attack'; try { ${aimed(code)} } catch {} })()`,
      );
      await settle();
      expect(foreign()).toEqual([]);
    });
  }

  test('cannot read the page, its cookies or its storage', async () => {
    await run('1');
    const reached = await sandboxFrame().evaluate(() => {
      const attempts = [
        () => parent.document.body,
        () => document.cookie,
        () => localStorage.length,
        () => top!.location.href,
      ];
      return attempts.map((attempt) => {
        try {
          return String(attempt());
        } catch (error) {
          return (error as Error).name;
        }
      });
    });
    expect(reached).toEqual(['SecurityError', 'SecurityError', 'SecurityError', 'SecurityError']);
  });

  test('stays an opaque origin when somebody opens it by its address', async () => {
    const direct = await bench.browser.newPage();
    await direct.goto(`${bench.harness.url}sandbox/frame.html`);
    expect(await direct.evaluate(() => self.origin)).toBe('null');
    await direct.close();
  });

  function sandboxFrame(): Frame {
    return page.frames().findLast((frame) => frame.url().includes('/sandbox/'))!;
  }
});

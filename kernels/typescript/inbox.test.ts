import { expect, test } from 'vitest';
import { KernelFailure } from '#kernels/failure.ts';
import { Stop } from '#kernels/stop.ts';
import { Inbox } from './inbox.ts';
import type { WorkerMessage } from './message.ts';

const never = () => new Stop({ signal: new AbortController().signal });

async function readAll(inbox: Inbox, stop = never(), count = 1): Promise<WorkerMessage[]> {
  const got: WorkerMessage[] = [];
  for await (const message of inbox.read(stop)) if (got.push(message) === count) break;
  return got;
}

function listening() {
  const { port1, port2 } = new MessageChannel();
  const inbox = new Inbox();
  inbox.listen(port1);
  return { inbox, port: port2, close: () => port1.close() };
}

test('messages come in order', async () => {
  const { inbox, port, close } = listening();
  for (const text of ['a', 'b']) port.postMessage({ type: 'log', level: 'log', text });
  expect((await readAll(inbox, never(), 2)).map((message) => (message.type === 'log' ? message.text : ''))).toEqual([
    'a',
    'b',
  ]);
  close();
});

for (const [name, message] of [
  ['nothing', null],
  ['another type', { type: 'html', html: '<b>' }],
  ['a level nobody knows', { type: 'log', level: '<img>', text: 'x' }],
  ['text that is none', { type: 'value', name: 'a', value: { type: 'x', text: { toString: 1 } } }],
  ['text without end', { type: 'log', level: 'log', text: 'x'.repeat(30_000) }],
  ['a table that is no bytes', { type: 'table', ipc: 'x' }],
  ['a line that is none', { type: 'log', level: 'log', text: 'x', line: -1 }],
] as const) {
  test(`${name} is refused`, async () => {
    const { inbox, port, close } = listening();
    port.postMessage(message);
    const failure = await readAll(inbox).catch((error: unknown) => error);
    expect((failure as KernelFailure).error.code).toBe('refused');
    close();
  });
}

test('a flood is refused', async () => {
  const { inbox, port, close } = listening();
  for (let n = 0; n < 10_050; n++) port.postMessage({ type: 'log', level: 'log', text: String(n) });
  port.postMessage({ type: 'done', complete: true });
  await expect(readAll(inbox, never(), 20_000)).rejects.toThrow('sent what no result is made of');
  close();
});

test('a stop ends the reading with its reason', async () => {
  const { inbox, close } = listening();
  const stop = never();
  const reading = readAll(inbox, stop);
  stop.stop('timeout');
  await expect(reading).rejects.toMatchObject({ error: { code: 'timeout' } });
  close();
});

test('a lost sandbox ends the reading after what had come', async () => {
  const { inbox, port, close } = listening();
  port.postMessage({ type: 'done', complete: true });
  expect(await readAll(inbox)).toEqual([{ type: 'done', complete: true }]);
  inbox.lose({ code: 'memory', message: 'died' });
  await expect(readAll(inbox)).rejects.toMatchObject({ error: { code: 'memory' } });
  close();
});

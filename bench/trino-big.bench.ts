import { loadavg } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { EventEncoder } from '#kernels/events.ts';
import { TrinoKernel } from '#kernels/trino/kernel.ts';
import { openBench } from './trino.ts';

/*
 * T2: a result of 1 GB while others work. It goes through the kernel and into the bytes that a page gets, which are thrown
 * away. How long the event loop is kept from others is measured all along, and beside it that of a thread of this process
 * that does nothing: a busy machine makes that one late too, which is not our doing. Memory is the most the whole process
 * held, over what it held before.
 */
const wanted = 2 ** 30;
const bench = await openBench(300_000);
const kernel = new TrinoKernel(bench.target);
await stream(1); // compiled, threads started

const idle = new Worker(
  `const { monitorEventLoopDelay } = require('node:perf_hooks');
   const { parentPort } = require('node:worker_threads');
   const delay = monitorEventLoopDelay({ resolution: 1 });
   delay.enable();
   parentPort.once('message', () => parentPort.postMessage(delay.percentile(99) / 1e6));`,
  { eval: true },
);
globalThis.gc?.();
const before = process.memoryUsage.rss();
let most = before;
const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 50);
const delay = monitorEventLoopDelay({ resolution: 1 });
const since = performance.now();
const cpu = process.threadCpuUsage();
delay.enable();
const bytes = await stream(Math.ceil(wanted / 45e6));
delay.disable();
const used = process.threadCpuUsage(cpu);
const seconds = (performance.now() - since) / 1000;
clearInterval(watch);
const beside = await new Promise<number>((resolve) => {
  idle.once('message', resolve);
  idle.postMessage('tell', []);
});
await idle.terminate();
await kernel.close();
await bench.close();

const p99 = delay.percentile(99) / 1e6;
const block = Math.max(0, p99 - beside);
const growth = (most - before) / 2 ** 20;
const good = block <= 5 && growth <= 64;
console.log(
  `T2 block ${block.toFixed(1)} ms (≤ 5): p99 ${p99.toFixed(1)}, of an idle thread meanwhile ${beside.toFixed(1)}; ` +
    `growth ${growth.toFixed(0)} MiB (≤ 64); ${(bytes / 2 ** 20).toFixed(0)} MiB of JSON in ${seconds.toFixed(1)} s, ` +
    `${((used.user + used.system) / 1e6).toFixed(1)} s of them CPU of this thread; load ${loadavg()[0]!.toFixed(1)} ${good ? 'pass' : 'miss'}`,
);
process.exit(good ? 0 : 1);

/** Reads the table `times` times in one query; gives the bytes that came over the wire. */
async function stream(times: number): Promise<number> {
  const encoder = new EventEncoder();
  const source = `SELECT t.* FROM ${bench.table} t CROSS JOIN UNNEST(sequence(1, ${times}))`;
  let received = 0;
  const inputs = { parameters: {}, relations: {} };
  for await (const event of kernel.run({ name: 'cell', source }, inputs, { signal: new AbortController().signal })) {
    encoder.encode(event);
    if (event.type === 'progress') received = event.bytes ?? received;
    if (event.type === 'failed') throw new Error(event.error.message);
  }
  return received;
}

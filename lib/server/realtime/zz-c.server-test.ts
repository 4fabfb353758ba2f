import { test } from 'vitest';
import { startSales, push, specFor } from '#lib/testing/realtime.ts';
import { pastOf, replay } from './rehearse.ts';
test('x', async () => {
  const sales = await startSales();
  const base = Date.UTC(2026, 10, 21, 2, 0, 0);
  let id = 0;
  for (let b = 0; b < 100; b++) {
    const events = Array.from({ length: 3000 }, () => { const n = id++; return { time: new Date(base + n * 80 - (n % 97 === 0 ? 70_000 : 0)).toISOString(), id: n, shop: 's' + (n % 50), cents: n % 1000 }; });
    await push(sales, events);
  }
  console.log('pushed', id);
  for (const kind of ['tumbling', 'windowless'] as const) {
    const t = performance.now();
    const past = await pastOf(sales.lodestar, sales.projectId, sales.lead, specFor(sales.streamId, { kind, seconds: 60, window: {unit:'minute',size:1,every:1} }));
    const t1 = performance.now();
    const r = await replay(sales.lodestar, past);
    console.log(kind, Math.round(t1 - t), 'ms past', JSON.stringify({ ...r, comparison: r.comparison && { ...r.comparison, samples: r.comparison.samples.length } }), Math.round(process.memoryUsage().rss / 1e6));
  }
  await sales.close();
}, 300_000);

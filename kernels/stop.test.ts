import { expect, test } from 'vitest';
import { Turns } from './duckdb-wasm/turns.ts';
import { Stop } from './stop.ts';

test('the first reason stays, and each listener is told once', () => {
  const stop = new Stop({ signal: new AbortController().signal });
  let told = 0;
  stop.onStop(() => told++);
  stop.stop('timeout');
  stop.stop('cancelled');
  expect([stop.reason, stop.error().code, told, stop.signal.aborted]).toEqual(['timeout', 'timeout', 1, true]);
});

test('who listens after the stop is told at once, who left is not told', () => {
  const abort = new AbortController();
  const stop = new Stop({ signal: abort.signal });
  let told = '';
  stop.onStop(() => (told += 'a'))();
  abort.abort();
  stop.onStop(() => (told += 'b'));
  expect(told).toBe('b');
});

test('a signal that came aborted stops before anything begins', () => {
  expect(new Stop({ signal: AbortSignal.abort() }).reason).toBe('cancelled');
});

test('turns go one after another, and who is stopped while waiting leaves', async () => {
  const turns = new Turns();
  const order: string[] = [];
  const never = () => new Stop({ signal: new AbortController().signal });
  const leaveFirst = await turns.enter(never());
  const stop = never();
  const second = turns.enter(stop).catch(() => order.push('second left'));
  const third = turns.enter(never()).then((leave) => {
    order.push('third');
    leave();
  });
  stop.stop('cancelled');
  await second;
  order.push('first leaves');
  leaveFirst();
  await third;
  expect(order).toEqual(['second left', 'first leaves', 'third']);
});

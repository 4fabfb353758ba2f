import { expect, test } from 'vitest';
import { shopStream, simulate, stepMs } from './simulated-shop.mjs';

interface Step {
  at: number;
  events: { event_id: number; happened_at: string; kind: string }[];
  late: number;
  again: number;
}

const start = Date.UTC(2026, 10, 21, 10);

function steps(count: number, more: object = {}): Step[] {
  const options = { seed: 1, start, rate: 100, day: 600, ...more };
  const shop = simulate(options);
  return Array.from({ length: count }, () => shop.next().value as Step);
}

test('the same seed gives the same events, another seed others', () => {
  expect(steps(100)).toEqual(steps(100));
  expect(steps(100, { seed: 2 })).not.toEqual(steps(100));
});

test('over a day it has about the rate, a night, bursts, late events and events that come twice', () => {
  const day = steps(6000);
  const events = day.flatMap((step) => step.events);
  expect(events.length / 600).toBeGreaterThan(75);
  expect(events.length / 600).toBeLessThan(125);
  const seconds = Array.from({ length: 600 }, (_, at) =>
    day.slice(at * 10, at * 10 + 10).reduce((sum, step) => sum + step.events.length, 0),
  );
  expect(seconds.toSorted((a, b) => a - b)[30]!, 'at night').toBeLessThan(25);
  expect(
    seconds.some((count, at) => at > 1 && count > 50 && count > 3 * seconds[at - 2]!),
    'a burst',
  ).toBe(true);
  const late = day.flatMap((step) => step.events.filter((each) => Date.parse(each.happened_at) < step.at - 5000));
  expect(late.length / events.length).toBeGreaterThan(0.02);
  const ids = new Set(events.map((event) => event.event_id));
  const again = day.reduce((sum, step) => sum + step.again, 0);
  expect(events.length - ids.size).toBe(again);
  expect(again / events.length).toBeGreaterThan(0.015);
  expect(new Set(events.map((event) => event.kind))).toEqual(new Set(['visit', 'purchase']));
});

test('its events keep the contract of its stream, and none is ahead of its moment', () => {
  const names = new Set(shopStream.columns.map(({ name }) => name));
  for (const { at, events } of steps(2000))
    for (const event of events) {
      expect(Object.keys(event).filter((name) => !names.has(name))).toEqual([]);
      expect(Number.isSafeInteger(event.event_id)).toBe(true);
      expect(Date.parse(event.happened_at)).toBeLessThan(at + stepMs);
    }
});

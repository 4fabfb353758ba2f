import { expect, it } from 'vitest';
import type { PromotionView } from '#lib/job/view.ts';
import { takeOverWords, watermarkWords } from './events-words.ts';

const promotion = (kind: 'tumbling' | 'windowless') =>
  ({
    version: 2,
    before: { version: 1 },
    spec: { realtime: { kind }, window: { unit: 'minute', size: 5, every: 5 }, timeZone: 'Europe/Berlin' },
  }) as unknown as PromotionView;

it('a version takes over at the edge of a window', () => {
  expect(takeOverWords(promotion('tumbling'), '2026-11-21T13:02:10Z')).toContain('the window that starts 14:05;');
  expect(takeOverWords(promotion('windowless'), '2026-11-21T13:02:10Z')).toContain('at the first batch');
});

it('a window waits for stragglers', () => {
  expect(watermarkWords(5)).toContain('an event 5 s past its end');
  expect(watermarkWords(0)).toContain('once an event past its end');
});

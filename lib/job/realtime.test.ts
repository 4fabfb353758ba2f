import { describe, expect, test } from 'vitest';
import { lateWords, realtimeOf, realtimeWords, span, windowOf, windowSizes } from './realtime.ts';
import { RealTimeRequest } from './request.ts';
import { WindowSpec } from './spec.ts';

const ask = (asked: object) => RealTimeRequest.parse({ kind: 'tumbling', ...asked });
const both = { windows: ['window_start', 'window_end'], windowAs: 'timestamp' as const };
const none = { windows: [], windowAs: 'timestamp' as const };
const made = (asked: object, text: Parameters<typeof realtimeOf>[2]) =>
  realtimeOf(ask(asked), 's1', text, 'Europe/Berlin');
const problem = (asked: object, text: Parameters<typeof realtimeOf>[2]) => {
  const found = made(asked, text);
  return found.ok ? null : found;
};

describe('what is asked becomes what is signed', () => {
  test('a tumbling window moves by its own size, in the zone asked for', () => {
    expect(made({ seconds: 60, late: { do: 'correct', for: 600 } }, both)).toEqual({
      ok: true,
      realtime: { stream: 's1', kind: 'tumbling', delay: 5, late: { do: 'correct', for: 600 }, start: 'now' },
      window: { unit: 'minute', size: 1, every: 1 },
      timeZone: 'Europe/Berlin',
    });
    expect(windowOf(10)).toEqual({ unit: 'second', size: 10, every: 10 });
    expect(windowOf(7200)).toEqual({ unit: 'hour', size: 2, every: 2 });
    expect(windowOf(86_400)).toEqual({ unit: 'day', size: 1, every: 1 });
  });

  test('every size that is offered fills a day, is accepted, and is a window the spec takes', () => {
    for (const seconds of windowSizes) {
      expect(86_400 % seconds).toBe(0);
      expect(made({ seconds }, both).ok).toBe(true);
      expect(() => WindowSpec.parse(windowOf(seconds))).not.toThrow();
    }
  });

  test('a windowless job is counted by hours of arrival in UTC, and waits for nothing', () => {
    expect(made({ kind: 'windowless', start: 'beginning' }, none)).toEqual({
      ok: true,
      realtime: { stream: 's1', kind: 'windowless', delay: 0, late: { do: 'drop' }, start: 'beginning' },
      window: { unit: 'hour', size: 1 },
      timeZone: 'UTC',
    });
  });
});

describe('what cannot be, with what to do', () => {
  test.each([
    ['no size', {}, both, 'no-window', /how long a window is/],
    ['a size that does not fill a day', { seconds: 7 * 60 }, both, 'window-size', /7 min .* 1, 2, 3, 4, 5, 6/],
    ['one input only', { seconds: 60 }, { ...both, windows: ['window_start'] }, 'no-window', /\{\{window_end\}\}/],
    ['no input', { seconds: 60 }, none, 'no-window', /windowless/],
    ['dates', { seconds: 60 }, { ...both, windowAs: 'date' as const }, 'window-inputs', /timestamps/],
    ['windowless with a window', { kind: 'windowless' }, both, 'uses-window', /tumbling/],
    ['windowless with a size', { kind: 'windowless', seconds: 60 }, none, 'no-window', /no window/],
    [
      'windowless with late events',
      { kind: 'windowless', late: { do: 'keep' } },
      none,
      'no-window',
      /no event is late/,
    ],
  ])('%s', (_, asked, text, code, message) => {
    expect(problem(asked, text)).toMatchObject({ code, message: expect.stringMatching(message) as string });
  });
});

describe('in words', () => {
  test('a job, its late events, a length of time', () => {
    const tumbling = {
      stream: 's',
      kind: 'tumbling' as const,
      delay: 5,
      late: { do: 'correct' as const, for: 600 },
      start: 'now' as const,
    };
    expect(realtimeWords(tumbling, windowOf(60), 'sales')).toBe(
      'each minute, once an event is 5 s past its end; late events correct it for 10 min',
    );
    expect(realtimeWords({ ...tumbling, delay: 0, late: { do: 'keep' } }, windowOf(30), 'sales')).toBe(
      'each 30 seconds, as soon as an event is past its end; late events are kept in sales_late',
    );
    expect(realtimeWords({ ...tumbling, kind: 'windowless' }, windowOf(3600), 'sales')).toBe('each event, as it comes');
    expect(lateWords({ do: 'drop' }, 'sales')).toBe('are left out and counted');
    expect([1, 59, 60, 90, 3600, 5400, 86_400, 172_800].map(span)).toEqual([
      '1 s',
      '59 s',
      '1 min',
      '90 s',
      '1 h',
      '90 min',
      '1 day',
      '2 days',
    ]);
  });
});

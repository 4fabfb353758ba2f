import { expect, it } from 'vitest';
import { emptyEvents, eventsAsked, eventsProblems } from './events-form.ts';

const form = emptyEvents(true);

it('a text with a window answers each minute, one without each event, from now on', () => {
  expect(eventsAsked(form, 'UTC')).toEqual({
    kind: 'tumbling',
    seconds: 60,
    delay: 5,
    late: { do: 'drop' },
    start: 'now',
  });
  expect(eventsAsked(emptyEvents(false), 'UTC')).toEqual({ kind: 'windowless', start: 'now' });
});

it('minutes of correcting are seconds, and a time is one of the zone', () => {
  const asked = eventsAsked(
    { ...form, late: 'correct', correctFor: '2', start: 'time', startAt: '2026-11-21 14:00' },
    'Europe/Berlin',
  );
  expect(asked).toMatchObject({ late: { do: 'correct', for: 120 }, start: '2026-11-21T13:00:00.000Z' });
});

it('says what must be mended, and not of what is not asked', () => {
  expect(eventsProblems(form, 'UTC')).toEqual({});
  const bad = { ...form, delay: 'soon', late: 'correct' as const, correctFor: '0', start: 'time' as const };
  expect(Object.keys(eventsProblems(bad, 'UTC')).sort()).toEqual(['delay', 'late', 'start']);
  expect(Object.keys(eventsProblems({ ...bad, kind: 'windowless' }, 'UTC'))).toEqual(['start']);
  expect(eventsProblems(form, 'Mars').timeZone).toContain('Mars');
});

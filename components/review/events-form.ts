import { isZone, parseInstant } from '#lib/job/clock.ts';
import type { RealTimeRequest } from '#lib/job/request.ts';

/** What is filled in of a job that answers as events come: texts as typed. */
export interface EventsForm {
  kind: 'tumbling' | 'windowless';
  /** Of a tumbling window. */
  seconds: number;
  /** Seconds. */
  delay: string;
  late: 'drop' | 'keep' | 'correct';
  /** Minutes. */
  correctFor: string;
  start: 'now' | 'beginning' | 'time';
  /** A local date or time in the zone. */
  startAt: string;
}

export type EventsAsked = Partial<RealTimeRequest> & Pick<RealTimeRequest, 'kind'>;

/** A text with a window answers for windows, one without for each event. */
export function emptyEvents(hasWindow: boolean): EventsForm {
  return {
    kind: hasWindow ? 'tumbling' : 'windowless',
    seconds: 60,
    delay: '5',
    late: 'drop',
    correctFor: '10',
    start: 'now',
    startAt: '',
  };
}

export function eventsAsked(form: EventsForm, zone: string): EventsAsked {
  const start = form.start === 'time' ? (parseInstant(form.startAt, zone)?.toISOString() ?? 'now') : form.start;
  if (form.kind === 'windowless') return { kind: form.kind, start };
  const late: RealTimeRequest['late'] =
    form.late === 'correct' ? { do: 'correct', for: Number(form.correctFor) * 60 } : { do: form.late };
  return { kind: form.kind, seconds: form.seconds, delay: Number(form.delay), late, start };
}

export function eventsProblems(
  form: EventsForm,
  zone: string,
): Partial<Record<'delay' | 'late' | 'start' | 'timeZone', string>> {
  const problems: ReturnType<typeof eventsProblems> = {};
  if (!isZone(zone)) problems.timeZone = `There is no time zone ${zone}; use a name such as Europe/Berlin.`;
  else if (form.start === 'time' && !parseInstant(form.startAt, zone))
    problems.start = `Say a date or a time, such as 2026-11-21 14:00, in ${zone}.`;
  if (form.kind === 'windowless') return problems;
  if (!isWhole(form.delay, 0, 86_400)) problems.delay = 'A whole number of seconds, up to a day (86400).';
  if (form.late === 'correct' && !isWhole(form.correctFor, 1, 7 * 1440))
    problems.late = 'A whole number of minutes, up to seven days (10080).';
  return problems;
}

function isWhole(text: string, least: number, most: number): boolean {
  return /^\d+$/.test(text.trim()) && Number(text) >= least && Number(text) <= most;
}

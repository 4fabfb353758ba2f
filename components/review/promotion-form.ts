import type { Check, CalendarUnit } from '#lib/job/spec.ts';
import { defaultSchedule, scheduleProblem } from '#lib/job/schedule.ts';
import { CellName } from '#lib/notebook/cell.ts';
import { eventsAsked, eventsProblems, emptyEvents, type EventsAsked, type EventsForm } from './events-form.ts';

/** What the dialog holds while someone fills it in: texts as typed. */
export interface PromotionForm {
  target: string;
  /** What starts the answers: a schedule, or the events of a stream. */
  clock: 'schedule' | 'events';
  events: EventsForm;
  unit: CalendarUnit;
  /** null: a time a little after each window, whichever the unit. */
  schedule: string | null;
  timeZone: string;
  /** Columns with commas between. */
  neverNull: string;
  uniqueBy: string;
  atLeastOneRow: boolean;
  /** A query without a window was asked for on purpose. */
  snapshot: boolean;
  note: string;
  /** Where the output is kept; undefined where there is no choice. */
  place: OutputPlace | undefined;
}

export type OutputPlace = 'warehouse' | 'connection';

/** What is asked of the server, but for the cell and what its page shows. */
export type PromotionAsked = Asked & (ScheduleAsked | { realtime: EventsAsked });

interface Asked {
  target: string;
  timeZone: string;
  checks: Check[];
  note: string;
}

interface ScheduleAsked {
  window: CalendarUnit;
  schedule: string;
  snapshot: boolean;
  place?: OutputPlace;
}

export type Field = 'target' | 'schedule' | 'timeZone' | 'clock' | 'kind' | 'seconds' | 'delay' | 'late' | 'start';
export type FormProblems = Partial<Record<Field, string>>;

export interface FormGiven {
  target: string;
  unit: CalendarUnit;
  timeZone: string;
  writes: { connection: string; schema: string } | null;
  /** Whether the cell reads a stream, and whether its text has a window. */
  stream: { hasWindow: boolean } | null;
}

export function emptyForm({ target, unit, timeZone, writes, stream }: FormGiven): PromotionForm {
  return {
    target,
    clock: stream ? 'events' : 'schedule',
    events: emptyEvents(stream?.hasWindow ?? false),
    unit,
    timeZone,
    place: writes ? 'connection' : undefined,
    schedule: null,
    neverNull: '',
    uniqueBy: '',
    atLeastOneRow: false,
    snapshot: false,
    note: '',
  };
}

export function scheduleOf(form: PromotionForm): string {
  return form.schedule ?? defaultSchedule(form.unit);
}

/** What must be mended before it can be asked, by field. */
export function problemsOf(form: PromotionForm): FormProblems {
  const problems: FormProblems = {};
  if (!CellName.safeParse(form.target).success)
    problems.target = 'A name starts with a letter or _, then letters, digits and _.';
  if (form.clock === 'events') return { ...problems, ...eventsProblems(form.events, form.timeZone) };
  const schedule = scheduleProblem(scheduleOf(form), form.timeZone);
  if (schedule) problems.schedule = schedule;
  return problems;
}

export function toAsked(form: PromotionForm): PromotionAsked {
  const { target, timeZone, note, events } = form;
  const asked = { target, timeZone, checks: toChecks(form), note: note.trim() };
  return form.clock === 'events'
    ? { ...asked, realtime: eventsAsked(events, timeZone) }
    : { ...asked, ...scheduleAsked(form) };
}

function scheduleAsked(form: PromotionForm): ScheduleAsked {
  const { unit, snapshot, place } = form;
  return { ...(place ? { place } : {}), window: unit, schedule: scheduleOf(form), snapshot };
}

/** Where a refusal belongs; null where it is of no field. */
export function fieldOf(code: string, { clock }: Pick<PromotionForm, 'clock'>): Field | null {
  const always: Record<string, Field> = {
    'target-taken': 'target',
    'bad-zone': 'timeZone',
    'bad-schedule': 'schedule',
  };
  const ofEvents: Record<string, Field> = {
    'no-stream': 'clock',
    'many-streams': 'clock',
    'empty-stream': 'clock',
    'realtime-engine': 'clock',
    'other-stream': 'clock',
    'other-kind': 'clock',
    'depends-on-batch': 'kind',
    'uses-window': 'kind',
    'no-window': 'kind',
    'window-inputs': 'kind',
    'not-judged': 'kind',
    'window-size': 'seconds',
  };
  return always[code] ?? (clock === 'events' ? (ofEvents[code] ?? null) : null);
}

/** Its answers are of whatever events came together, so only of each row can anything be asked. */
export function isWindowless({ clock, events }: Pick<PromotionForm, 'clock' | 'events'>): boolean {
  return clock === 'events' && events.kind === 'windowless';
}

function toChecks(form: PromotionForm): Check[] {
  const ofRows = columnsIn(form.neverNull).map((column): Check => ({ type: 'not-null', column }));
  if (isWindowless(form)) return ofRows;
  const unique = columnsIn(form.uniqueBy);
  return [
    ...ofRows,
    ...(unique.length ? [{ type: 'unique' as const, columns: unique }] : []),
    ...(form.atLeastOneRow ? [{ type: 'rows' as const, min: 1 }] : []),
  ];
}

function columnsIn(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  return [...new Set(names.filter(Boolean))];
}

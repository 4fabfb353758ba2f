import type { Check, CalendarUnit } from '#lib/job/spec.ts';
import { defaultSchedule, scheduleProblem } from '#lib/job/schedule.ts';
import { CellName } from '#lib/notebook/cell.ts';

/** What the dialog holds while someone fills it in: texts as typed. */
export interface PromotionForm {
  target: string;
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
export interface PromotionAsked {
  target: string;
  window: CalendarUnit;
  schedule: string;
  timeZone: string;
  checks: Check[];
  snapshot: boolean;
  note: string;
  place?: OutputPlace;
}

export type FormProblems = Partial<Record<'target' | 'schedule', string>>;

export function emptyForm(given: {
  target: string;
  unit: CalendarUnit;
  timeZone: string;
  writes: { connection: string; schema: string } | null;
}): PromotionForm {
  const { target, unit, timeZone, writes } = given;
  const place = writes ? 'connection' : undefined;
  const nothing = { schedule: null, neverNull: '', uniqueBy: '', atLeastOneRow: false, snapshot: false, note: '' };
  return { target, unit, timeZone, place, ...nothing };
}

export function scheduleOf(form: PromotionForm): string {
  return form.schedule ?? defaultSchedule(form.unit);
}

/** What must be mended before it can be asked, by field. */
export function problemsOf(form: PromotionForm): FormProblems {
  const problems: FormProblems = {};
  if (!CellName.safeParse(form.target).success)
    problems.target = 'A name starts with a letter or _, then letters, digits and _.';
  const schedule = scheduleProblem(scheduleOf(form), form.timeZone);
  if (schedule) problems.schedule = schedule;
  return problems;
}

export function toAsked(form: PromotionForm): PromotionAsked {
  const { target, unit, timeZone, snapshot, note, place } = form;
  return {
    ...(place ? { place } : {}),
    target,
    window: unit,
    schedule: scheduleOf(form),
    timeZone,
    checks: toChecks(form),
    snapshot,
    note: note.trim(),
  };
}

function toChecks(form: PromotionForm): Check[] {
  const unique = columnsIn(form.uniqueBy);
  return [
    ...columnsIn(form.neverNull).map((column): Check => ({ type: 'not-null', column })),
    ...(unique.length ? [{ type: 'unique' as const, columns: unique }] : []),
    ...(form.atLeastOneRow ? [{ type: 'rows' as const, min: 1 }] : []),
  ];
}

function columnsIn(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  return [...new Set(names.filter(Boolean))];
}

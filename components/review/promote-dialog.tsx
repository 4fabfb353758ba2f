'use client';
import { useState } from 'react';
import { nextTimes, scheduleWords } from '#lib/job/schedule.ts';
import type { CalendarUnit } from '#lib/job/spec.ts';
import { Dialog } from '#components/parts/dialog.tsx';
import { FormRow, Input, TextArea } from '#components/parts/field.tsx';
import { Notice } from '#components/parts/notice.tsx';
import { Segmented } from '#components/parts/segmented.tsx';
import { clock, day } from '#components/parts/words.ts';
import {
  emptyForm,
  problemsOf,
  scheduleOf,
  toAsked,
  type OutputPlace,
  type PromotionAsked,
  type PromotionForm,
} from './promotion-form.ts';

export interface PromoteGiven {
  /** The cell's name. */
  cell: string;
  /** A free name for the output. */
  target: string;
  unit: CalendarUnit;
  timeZone: string;
  /** Where on the cell's connection jobs may write, `iceberg.shop`; null where they may not, or the cell runs elsewhere. */
  writes: { connection: string; schema: string } | null;
  /** What the notebook shows and the trial is compared with: `the rows of 2026-11-20`; null when nothing can be compared. */
  shown: string | null;
  now: string;
  busy: boolean;
  /** Why the server refused the last try. */
  problem: { code: string; detail: string } | null;
  onSubmit(asked: PromotionAsked): void;
  onClose(): void;
}

const units: { value: CalendarUnit; label: string }[] = [
  { value: 'hour', label: 'Hour' },
  { value: 'day', label: 'Day' },
  { value: 'week', label: 'Week' },
  { value: 'month', label: 'Month' },
];

/** From a cell to a promotion: everything has a default, so that Freeze and try is one press away. Mount it while it is open. */
export function PromoteDialog(given: PromoteGiven) {
  const { cell, shown, busy, problem, onSubmit, onClose } = given;
  const [form, setForm] = useState(() => emptyForm(given));
  const set = (change: Partial<PromotionForm>) => setForm((now) => ({ ...now, ...change }));
  const problems = problemsOf(form);
  const isWrong = Object.keys(problems).length > 0;
  return (
    <Dialog
      open
      title={`Promote ${cell}?`}
      keep="Not now"
      act={busy ? 'Trying it …' : 'Freeze and try'}
      busy={busy || isWrong}
      onAct={() => onSubmit(toAsked(form))}
      onClose={onClose}
    >
      <p className="sec">
        The query is frozen as it is now and tried on one past window on the server
        {shown ? `; what comes out is compared with ${shown}.` : '.'} Nothing is published before someone approves it.
      </p>
      {problem && <Notice state="failed">{problem.detail}</Notice>}
      <dl className="form">
        <FormRow label="Output" hint={outputHint(form, given.writes)} wrong={problems.target}>
          {(tie) => (
            <Input {...tie} mono value={form.target} onChange={(event) => set({ target: event.target.value })} />
          )}
        </FormRow>
        {given.writes && form.place && (
          <FormRow label="Kept" hint={keptHint(form.place)}>
            {() => (
              <Segmented
                label="Where the output is kept"
                value={form.place!}
                choices={[
                  { value: 'connection', label: `On ${given.writes!.connection}` },
                  { value: 'warehouse', label: 'In the warehouse here' },
                ]}
                onChange={(place) => set({ place })}
              />
            )}
          </FormRow>
        )}
        <FormRow label="Window" hint={`{{window_start}} and {{window_end}} are one ${form.unit}.`}>
          {() => <Segmented label="Window" value={form.unit} choices={units} onChange={(unit) => set({ unit })} />}
        </FormRow>
        <Schedule form={form} now={given.now} wrong={problems.schedule} set={set} />
        <Checks form={form} set={set} />
        {problem?.code === 'no-window' && (
          <FormRow label="No window" hint="Each window keeps what the query saw when it ran.">
            {(tie) => (
              <Tick
                {...tie}
                checked={form.snapshot}
                words="Promote it as a snapshot"
                onChange={(snapshot) => set({ snapshot })}
              />
            )}
          </FormRow>
        )}
        <FormRow label="Note">
          {(tie) => (
            <TextArea
              id={tie.id}
              value={form.note}
              placeholder="What is new, for who approves it"
              onChange={(event) => set({ note: event.target.value })}
            />
          )}
        </FormRow>
      </dl>
    </Dialog>
  );
}

function outputHint({ place, target }: PromotionForm, writes: PromoteGiven['writes']): string {
  if (!writes || place !== 'connection') return 'The dataset it writes, one partition a window.';
  return `The dataset it writes, the table ${writes.schema}.${target.toLowerCase()}, one partition a window.`;
}

function keptHint(place: OutputPlace): string {
  return place === 'connection'
    ? 'An Iceberg table of the cluster; each window is replaced in one commit.'
    : 'The rows come here from the cluster, one file a window.';
}

interface Part {
  form: PromotionForm;
  set(change: Partial<PromotionForm>): void;
}

function Schedule({ form, now, wrong, set }: Part & { now: string; wrong: string | undefined }) {
  const cron = scheduleOf(form);
  return (
    <>
      <FormRow label="Runs" hint={wrong ? undefined : runWords(cron, form.timeZone, now)} wrong={wrong}>
        {(tie) => (
          <Input
            {...tie}
            mono
            value={cron}
            aria-label="Schedule as cron"
            onChange={(event) => set({ schedule: event.target.value })}
          />
        )}
      </FormRow>
      <FormRow label="Time zone">
        {(tie) => <Input {...tie} value={form.timeZone} onChange={(event) => set({ timeZone: event.target.value })} />}
      </FormRow>
    </>
  );
}

function runWords(cron: string, zone: string, now: string): string {
  const next = nextTimes(cron, zone, new Date(now), 1)[0];
  return `${scheduleWords(cron)}${next ? `, next ${day(next.at, zone)} ${clock(next.at, zone)}` : ''}.`;
}

function Checks({ form, set }: Part) {
  return (
    <>
      <FormRow label="Never null" hint="Columns with commas between; if a check fails, the old output stays.">
        {(tie) => (
          <Input {...tie} mono value={form.neverNull} onChange={(event) => set({ neverNull: event.target.value })} />
        )}
      </FormRow>
      <FormRow label="Unique by">
        {(tie) => (
          <Input {...tie} mono value={form.uniqueBy} onChange={(event) => set({ uniqueBy: event.target.value })} />
        )}
      </FormRow>
      <FormRow label="Rows">
        {(tie) => (
          <Tick
            {...tie}
            checked={form.atLeastOneRow}
            words="At least one in each window"
            onChange={(atLeastOneRow) => set({ atLeastOneRow })}
          />
        )}
      </FormRow>
    </>
  );
}

interface Ticked {
  id: string;
  'aria-describedby': string | undefined;
  checked: boolean;
  words: string;
  onChange(checked: boolean): void;
}

function Tick({ id, 'aria-describedby': said, checked, words, onChange }: Ticked) {
  return (
    <label className="st">
      <input
        id={id}
        aria-describedby={said}
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
      />{' '}
      {words}
    </label>
  );
}

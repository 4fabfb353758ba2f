'use client';
import { useState } from 'react';
import type { Trying as TryingNow } from '#lib/job/evidence.ts';
import type { CalendarUnit } from '#lib/job/spec.ts';
import { Dialog } from '#components/parts/dialog.tsx';
import { FormRow, Input, TextArea } from '#components/parts/field.tsx';
import { Notice } from '#components/parts/notice.tsx';
import { Segmented } from '#components/parts/segmented.tsx';
import { CheckFields } from './check-fields.tsx';
import { EventsFields } from './events-fields.tsx';
import { emptyForm, fieldOf, problemsOf, toAsked, type PromotionAsked, type PromotionForm } from './promotion-form.ts';
import { ScheduleFields } from './schedule-fields.tsx';
import { Tick } from './tick.tsx';
import { Trying } from './trying.tsx';

export interface PromoteGiven {
  /** The cell's name. */
  cell: string;
  /** A free name for the output. */
  target: string;
  unit: CalendarUnit;
  timeZone: string;
  /** Where on the cell's connection jobs may write, `iceberg.shop`; null where they may not, or the cell runs elsewhere. */
  writes: { connection: string; schema: string } | null;
  /** The stream the cell reads; null where it reads none. `mayWindow`: a window can be written into its text. */
  stream: { name: string; hasWindow: boolean; mayWindow: boolean } | null;
  /** What the notebook shows and the trial is compared with: `the rows of 2026-11-20`; null when nothing can be compared. */
  shown: string | null;
  now: string;
  busy: boolean;
  /** What the server is at, once it has said so. */
  trying: TryingNow | null;
  /** Why the server refused the last try. */
  problem: { code: string; detail: string } | null;
  onSubmit(asked: PromotionAsked): void;
  /** Writes a window into the text, then asks for this. */
  onWindow(asked: PromotionAsked): void;
  onClose(): void;
}

/** From a cell to a promotion: everything has a default, so that Freeze and try is one press away. Mount it while it is open. */
export function PromoteDialog(given: PromoteGiven) {
  const { cell, stream, busy, problem, onSubmit, onWindow, onClose } = given;
  const [form, setForm] = useState(() => emptyForm(given));
  const [asked, setAsked] = useState<PromotionForm | null>(null);
  const set = (change: Partial<PromotionForm>) => setForm((now) => ({ ...now, ...change }));
  const problems = problemsOf(form);
  const isWrong = Object.keys(problems).length > 0;
  const field = problem && asked && fieldOf(problem.code, asked);
  // A refusal stands until what it is about is another.
  const isMet = field && asked && isOther(form, asked);
  const wrong = field && !isMet ? { [field]: problem.detail, ...problems } : problems;
  const ask = (next: PromotionForm, how: (asked: PromotionAsked) => void) => {
    setForm(next);
    setAsked(next);
    how(toAsked(next));
  };
  const askWindow = () => ask(asTumbling(form), stream?.hasWindow ? onSubmit : onWindow);
  const offersWindow = mayOffer(problem?.code, stream) && !isMet;
  return (
    <Dialog
      open
      title={`Promote ${cell}?`}
      keep="Not now"
      act={busy ? 'Trying it …' : 'Freeze and try'}
      busy={busy || isWrong}
      onAct={() => ask(form, onSubmit)}
      onClose={onClose}
    >
      <Lead form={form} shown={given.shown} />
      {problem && !field && <Notice state="failed">{problem.detail}</Notice>}
      <dl className="form">
        <FormRow label="Output" hint={outputHint(form, given.writes)} wrong={wrong.target}>
          {(tie) => (
            <Input {...tie} mono value={form.target} onChange={(event) => set({ target: event.target.value })} />
          )}
        </FormRow>
        <FormRow label="Answers" hint={clockHint(form, stream)} wrong={wrong.clock}>
          {() => (
            <Segmented
              label="Answers"
              value={form.clock}
              disabled={!stream}
              choices={[
                { value: 'schedule', label: 'On a schedule' },
                { value: 'events', label: 'As events come' },
              ]}
              onChange={(clock) => set({ clock })}
            />
          )}
        </FormRow>
        {form.clock === 'events' ? (
          <EventsFields form={form} set={set} wrong={wrong} busy={busy} onWindow={offersWindow ? askWindow : null} />
        ) : (
          <ScheduleFields form={form} set={set} wrong={wrong} writes={given.writes} now={given.now} />
        )}
        <CheckFields form={form} set={set} />
        {form.clock === 'schedule' && problem?.code === 'no-window' && (
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
      <Trying
        busy={busy}
        now={given.trying}
        what={form.clock === 'events' ? 'one window, then what the stream keeps' : 'one past window'}
      />
    </Dialog>
  );
}

/** Whether a refusal can be met by a window in the text. */
function mayOffer(code: string | undefined, stream: PromoteGiven['stream']): boolean {
  if (code === 'depends-on-batch') return Boolean(stream?.hasWindow || stream?.mayWindow);
  return code === 'no-window' && Boolean(stream && !stream.hasWindow && stream.mayWindow);
}

/** The same for each window: of the size chosen, or a minute where none was. */
function asTumbling(form: PromotionForm): PromotionForm {
  const { events } = form;
  return events.kind === 'tumbling' ? form : { ...form, events: { ...events, kind: 'tumbling', seconds: 60 } };
}

function Lead({ form, shown }: { form: PromotionForm; shown: string | null }) {
  const tried =
    form.clock === 'events'
      ? 'tried on the server, and replayed over the events that are kept: what comes out is compared with the same text in batch'
      : 'tried on one past window on the server';
  return (
    <p className="sec">
      The query is frozen as it is now and {tried}
      {shown && form.clock === 'schedule' ? `; what comes out is compared with ${shown}.` : '.'} Nothing is published
      before someone approves it.
    </p>
  );
}

function clockHint({ clock }: PromotionForm, stream: PromoteGiven['stream']): string {
  if (!stream) return 'As events come: only for a query that reads a stream, and this one reads none.';
  return clock === 'events'
    ? `The events of ${stream.name} start it; no schedule does.`
    : `It reads what ${stream.name} keeps, at the times of a schedule.`;
}

function outputHint({ place, target, clock, events }: PromotionForm, writes: PromoteGiven['writes']): string {
  if (clock === 'events')
    return events.kind === 'tumbling'
      ? 'The dataset it writes, one partition a window.'
      : 'The dataset it writes; rows are added as events come.';
  if (!writes || place !== 'connection') return 'The dataset it writes, one partition a window.';
  return `The dataset it writes, the table ${writes.schema}.${target.toLowerCase()}, one partition a window.`;
}

function isOther(form: PromotionForm, asked: PromotionForm): boolean {
  return JSON.stringify(toAsked(form)) !== JSON.stringify(toAsked(asked));
}

import { lateWords, span, windowSizes } from '#lib/job/realtime.ts';
import type { Late } from '#lib/job/spec.ts';
import { Button } from '#components/parts/button.tsx';
import { FormRow, Input, Select } from '#components/parts/field.tsx';
import { Segmented } from '#components/parts/segmented.tsx';
import type { Part } from './check-fields.tsx';
import type { EventsForm } from './events-form.ts';
import type { FormProblems } from './promotion-form.ts';

type Given = Part & {
  wrong: FormProblems;
  /** Writes a window into the text and asks again; present where the refusal can be met so. */
  onWindow: (() => void) | null;
  busy: boolean;
};

/** For what a job answers as events come, how long it waits, where it begins. */
export function EventsFields({ form, set, wrong, onWindow, busy }: Given) {
  const { events, target } = form;
  const change = (part: Partial<EventsForm>) => set({ events: { ...events, ...part } });
  const isTumbling = events.kind === 'tumbling';
  return (
    <>
      <FormRow label="Answers for" hint={kindHints[events.kind]} wrong={wrong.kind}>
        {() => (
          <div className="choice-act">
            <Segmented
              label="Answers for"
              value={events.kind}
              choices={[
                { value: 'tumbling', label: 'Each window' },
                { value: 'windowless', label: 'Each event' },
              ]}
              onChange={(kind) => change({ kind })}
            />
            {onWindow && (
              <Button size="small" disabled={busy} onClick={onWindow}>
                {isTumbling ? 'Write the window into it' : 'Make it one answer a minute'}
              </Button>
            )}
          </div>
        )}
      </FormRow>
      {isTumbling && <Windows events={events} target={target} wrong={wrong} change={change} />}
      <FormRow label="Begins with" hint={startHints[events.start]} wrong={wrong.start}>
        {(tie) => (
          <div className="choice-act">
            <Segmented
              label="Begins with"
              value={events.start}
              choices={[
                { value: 'now', label: 'Its approval' },
                { value: 'beginning', label: 'The beginning' },
                { value: 'time', label: 'A time' },
              ]}
              onChange={(start) => change({ start })}
            />
            {events.start === 'time' && (
              <Input
                {...tie}
                mono
                aria-label="Begins at"
                placeholder="2026-11-21 14:00"
                value={events.startAt}
                onChange={(event) => change({ startAt: event.target.value })}
              />
            )}
          </div>
        )}
      </FormRow>
      <FormRow
        label="Time zone"
        hint={
          isTumbling ? 'Windows are cut by its clock; their times are bound in UTC, as the stream’s are.' : undefined
        }
        wrong={wrong.timeZone}
      >
        {(tie) => <Input {...tie} value={form.timeZone} onChange={(event) => set({ timeZone: event.target.value })} />}
      </FormRow>
    </>
  );
}

interface WindowsGiven {
  events: EventsForm;
  target: string;
  wrong: FormProblems;
  change(part: Partial<EventsForm>): void;
}

function Windows({ events, target, wrong, change }: WindowsGiven) {
  return (
    <>
      <FormRow
        label="Window"
        hint={`{{window_start}} and {{window_end}} are ${span(events.seconds)} apart; windows follow each other without a gap.`}
        wrong={wrong.seconds}
      >
        {(tie) => (
          <Select {...tie} value={events.seconds} onChange={(event) => change({ seconds: Number(event.target.value) })}>
            {windowSizes.map((seconds) => (
              <option key={seconds} value={seconds}>
                {span(seconds)}
              </option>
            ))}
          </Select>
        )}
      </FormRow>
      <FormRow
        label="Waits for stragglers"
        hint="A window closes when an event this much past its end has come."
        wrong={wrong.delay}
      >
        {(tie) => (
          <Input
            {...tie}
            inputMode="numeric"
            end={<span className="mut">s</span>}
            value={events.delay}
            onChange={(event) => change({ delay: event.target.value })}
          />
        )}
      </FormRow>
      <FormRow
        label="Late events"
        hint={`Events that come later ${lateWords(lateOf(events), target)}.`}
        wrong={wrong.late}
      >
        {(tie) => (
          <div className="choice-act">
            <Segmented
              label="Late events"
              value={events.late}
              choices={[
                { value: 'drop', label: 'Left out' },
                { value: 'keep', label: 'Kept in a table' },
                { value: 'correct', label: 'Correct it' },
              ]}
              onChange={(late) => change({ late })}
            />
            {events.late === 'correct' && (
              <Input
                {...tie}
                inputMode="numeric"
                aria-label="Corrected for so many minutes"
                end={<span className="mut">min</span>}
                value={events.correctFor}
                onChange={(event) => change({ correctFor: event.target.value })}
              />
            )}
          </div>
        )}
      </FormRow>
    </>
  );
}

const kindHints = {
  tumbling: 'One answer for each window of time, once the events of its time have come.',
  windowless: 'Each new batch of events is answered by itself: filters, casts, expressions, joins with datasets.',
};

const startHints = {
  now: 'Events that come after someone approved it.',
  beginning: 'All events that the stream still keeps.',
  time: 'Windows that start at or after it; of single events, those that came since.',
};

function lateOf({ late, correctFor }: EventsForm): Late {
  if (late !== 'correct') return { do: late };
  const minutes = Number(correctFor);
  return { do: 'correct', for: Number.isFinite(minutes) && minutes > 0 ? minutes * 60 : 60 };
}

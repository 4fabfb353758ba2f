'use client';
import { useEffect, useRef } from 'react';
import type { StreamSpec } from '#lib/client/api/streams.ts';
import type { Refusal } from '#lib/client/call.ts';
import { Dialog } from '#components/parts/dialog.tsx';
import { CodeInput } from '#components/parts/code-field.tsx';
import { FormRow, Input } from '#components/parts/field.tsx';
import { Segmented } from '#components/parts/segmented.tsx';
import { Trying } from '#components/review/trying.tsx';
import { KafkaFields } from './kafka-fields.tsx';
import type { Origin } from './new-form.ts';
import { useNewForm, type NewFormState } from './use-new-form.ts';

interface Given {
  /** Make one that fetches its events. */
  mayOwn: boolean;
  busy: boolean;
  /** Why the server refused the last try. */
  problem: Refusal | null;
  onMake(spec: StreamSpec): void;
  onClose(): void;
}

/** From a name to a stream. Mount it while it is open. */
export function NewStream({ mayOwn, busy, problem, onMake, onClose }: Given) {
  const state = useNewForm(problem, onMake);
  const { form, sent, tries, refused, submit } = state;
  const root = useRef<HTMLFormElement>(null);
  // The form is longer than a small screen: what is wrong with it comes into sight.
  useEffect(() => {
    if (tries > 0 || problem) root.current?.querySelector('[role=alert]')?.scrollIntoView({ block: 'nearest' });
  }, [tries, problem]);
  const isTrying = busy && sent?.origin === 'kafka';
  return (
    <Dialog
      open
      title="Make a stream"
      keep={isTrying ? 'Close' : 'Not now'}
      act={form.origin === 'kafka' ? 'Try and make it' : 'Make it'}
      busy={busy}
      onAct={submit}
      onClose={onClose}
    >
      <form
        ref={root}
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) submit();
        }}
      >
        {refused && (
          <p className="st-fail" role="alert">
            {refused}
          </p>
        )}
        <dl className="form">
          <Name state={state} />
          <From state={state} mayOwn={mayOwn} />
          {form.origin === 'kafka' && <KafkaFields state={state} />}
          {form.origin !== 'telemetry' && <Contract state={state} />}
          <Kept state={state} />
        </dl>
        <button type="submit" hidden disabled={busy} />
      </form>
      <Trying
        busy={isTrying}
        what="The brokers, the sign-in, the topic, some of its records"
        most="longer where a broker is silent. Closing this does not end it: you are told how it went"
      />
    </Dialog>
  );
}

function Name({ state: { form, set, wrong } }: { state: NewFormState }) {
  return (
    <FormRow label="Name" hint="Queries read it by this name." wrong={wrong('name')}>
      {(tie) => (
        <CodeInput
          {...tie}
          value={form.name}
          placeholder={form.origin === 'telemetry' ? 'workbench' : 'visits'}
          onChange={(event) => set({ name: event.target.value })}
        />
      )}
    </FormRow>
  );
}

const origins: { value: Origin; label: string }[] = [
  { value: 'push', label: 'Pushed over HTTP' },
  { value: 'kafka', label: 'A Kafka topic' },
  { value: 'telemetry', label: 'This workbench’s own events' },
];

const explained: Record<Origin, string> = {
  push: 'Programs send them, as they happen.',
  kafka: 'Its records are fetched as they come, each counted once. It is tried before the stream is made.',
  telemetry:
    'What people do in this project: cells run, charts shown, notebooks opened, with all that was noted so far.',
};

function From({ state: { form, set }, mayOwn }: { state: NewFormState; mayOwn: boolean }) {
  const hint = mayOwn
    ? explained[form.origin]
    : `${explained.push} Reading a Kafka topic or this workbench’s own events is an owner’s to set up: ask one of this project.`;
  return (
    <FormRow label="Events come" hint={hint}>
      {() => (
        <Segmented
          label="Events come"
          value={form.origin}
          choices={origins}
          disabled={!mayOwn}
          onChange={(origin) => set({ origin })}
        />
      )}
    </FormRow>
  );
}

/** Which fields say when an event happened, and which it is. */
function Contract({ state: { form, set, wrong } }: { state: NewFormState }) {
  return (
    <>
      <FormRow
        label="Event time"
        hint="The field that says when an event happened: ISO text, or a count since 1970."
        wrong={wrong('eventTime')}
      >
        {(tie) => (
          <CodeInput {...tie} value={form.eventTime} onChange={(event) => set({ eventTime: event.target.value })} />
        )}
      </FormRow>
      <FormRow
        label="Key"
        hint="What names an event; the same key twice within an hour counts once. Several with commas, or none."
        wrong={wrong('key')}
      >
        {(tie) => (
          <CodeInput
            {...tie}
            value={form.key}
            placeholder="event_id"
            onChange={(event) => set({ key: event.target.value })}
          />
        )}
      </FormRow>
    </>
  );
}

function Kept({ state: { form, set, wrong } }: { state: NewFormState }) {
  return (
    <>
      <FormRow label="Keep for" hint="Older events are deleted. Empty: everything is kept." wrong={wrong('days')}>
        {(tie) => (
          <Input
            {...tie}
            inputMode="decimal"
            value={form.days}
            end={<span className="unit">days</span>}
            onChange={(event) => set({ days: event.target.value })}
          />
        )}
      </FormRow>
      <FormRow label="Description" wrong={wrong('description')}>
        {(tie) => (
          <Input
            {...tie}
            maxLength={2000}
            value={form.description}
            placeholder="One event for each …"
            onChange={(event) => set({ description: event.target.value })}
          />
        )}
      </FormRow>
    </>
  );
}

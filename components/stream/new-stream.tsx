'use client';
import { useState } from 'react';
import type { StreamSpec } from '#lib/client/api/streams.ts';
import { Dialog } from '#components/parts/dialog.tsx';
import { FormRow, Input } from '#components/parts/field.tsx';
import { toDays } from './settings-form.ts';

interface Given {
  busy: boolean;
  /** Why the server refused the last try. */
  problem: { code: string; detail: string } | null;
  onMake(spec: StreamSpec): void;
  onClose(): void;
}

/** From a name to a stream. Mount it while it is open. */
export function NewStream({ busy, problem, onMake, onClose }: Given) {
  const [form, setForm] = useState({ name: '', eventTime: 'time', key: '', days: '30', description: '' });
  const [tried, setTried] = useState(false);
  const set = (name: keyof typeof form) => (event: { target: { value: string } }) =>
    setForm((now) => ({ ...now, [name]: event.target.value }));
  const wrong = problemsOf(form);
  const said = (field: keyof typeof wrong) => (tried ? (wrong[field] ?? null) : null);
  const nameProblem = problem?.code === 'name-taken' ? problem.detail : null;
  const submit = () => {
    setTried(true);
    if (Object.keys(wrong).length === 0) onMake(toSpec(form));
  };
  return (
    <Dialog open title="Make a stream" keep="Not now" act="Make it" busy={busy} onAct={submit} onClose={onClose}>
      {problem && !nameProblem && (
        <p className="st-fail" role="alert">
          {problem.detail}
        </p>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <dl className="form">
          <FormRow label="Name" hint="Queries read it by this name." wrong={said('name') ?? nameProblem}>
            {(tie) => <Input {...tie} mono value={form.name} placeholder="visits" onChange={set('name')} />}
          </FormRow>
          <FormRow
            label="Event time"
            hint="The field that says when an event happened: ISO text, or a count since 1970."
            wrong={said('eventTime')}
          >
            {(tie) => <Input {...tie} mono value={form.eventTime} onChange={set('eventTime')} />}
          </FormRow>
          <FormRow
            label="Key"
            hint="What names an event; the same key twice within an hour counts once. Several with commas, or none."
          >
            {(tie) => <Input {...tie} mono value={form.key} placeholder="event_id" onChange={set('key')} />}
          </FormRow>
          <FormRow label="Keep for" hint="Older events are deleted. Empty: everything is kept." wrong={said('days')}>
            {(tie) => (
              <Input
                {...tie}
                inputMode="decimal"
                value={form.days}
                end={<span className="unit">days</span>}
                onChange={set('days')}
              />
            )}
          </FormRow>
          <FormRow label="Description">
            {(tie) => (
              <Input
                {...tie}
                maxLength={2000}
                value={form.description}
                placeholder="One event for each …"
                onChange={set('description')}
              />
            )}
          </FormRow>
        </dl>
        <button type="submit" hidden disabled={busy} />
      </form>
    </Dialog>
  );
}

type Form = { name: string; eventTime: string; key: string; days: string; description: string };

function problemsOf({ name, eventTime, days }: Form): Partial<Record<keyof Form, string>> {
  return {
    ...(!/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(name.trim()) && {
      name: 'A letter or _, then letters, digits and _: so that SQL reads it as it is.',
    }),
    ...(!eventTime.trim() && { eventTime: 'Name the field: without a time there is no window and no order.' }),
    ...(toDays(days) === 'wrong' && { days: 'A number of days above 0, or nothing.' }),
  };
}

function toSpec({ name, eventTime, key, days, description }: Form): StreamSpec {
  const kept = toDays(days);
  return {
    name: name.trim(),
    eventTime: eventTime.trim(),
    key: key
      .split(',')
      .map((each) => each.trim())
      .filter(Boolean),
    retention: { days: kept === 'wrong' ? null : kept, bytes: null },
    description: description.trim(),
  };
}

'use client';
import { useState, type FormEvent } from 'react';
import type { StreamSettings, StreamView } from '#lib/client/api/streams.ts';
import { Button } from '#components/parts/button.tsx';
import { Input } from '#components/parts/field.tsx';
import { whole } from '#components/parts/words.ts';
import { toForm, toSettings, wrongIn, type SettingsForm } from './settings-form.ts';
import { ageWords } from './words.ts';

interface Given {
  view: StreamView;
  mayEdit: boolean;
  /** Delete it, and say how long its events are kept. */
  mayLetGo: boolean;
  busy: boolean;
  onSave(settings: Omit<StreamSettings, 'description'>): void;
  onDelete(): void;
}

const fields: { name: keyof SettingsForm; label: string; unit: string; hint: string }[] = [
  { name: 'days', label: 'Keep for', unit: 'days', hint: 'Older events are deleted; empty keeps everything.' },
  { name: 'gigabytes', label: 'At most', unit: 'GB', hint: 'Beyond it the oldest go; empty is no bound.' },
  {
    name: 'deduplication',
    label: 'Keys known',
    unit: 's',
    hint: 'The same key again within it counts once; 0 looks for none.',
  },
  { name: 'idle', label: 'Idle after', unit: 's', hint: 'Without an event so long, windows wait no longer.' },
  { name: 'ahead', label: 'Ahead by', unit: 's', hint: 'A time further ahead of our clock is a dead letter.' },
];

/** Those that let events go. */
const keeping: (keyof SettingsForm)[] = ['days', 'gigabytes'];

/** What may be changed while events come; it holds for the events to come. */
export function Settings({ view, mayEdit, mayLetGo, busy, onSave, onDelete }: Given) {
  const stored = toForm(view);
  const [form, setForm] = useState<SettingsForm | null>(null);
  const shown = form ?? stored;
  const wrong = wrongIn(shown);
  const isChanged = fields.some(({ name }) => shown[name] !== stored[name]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (Object.keys(wrong).length > 0) return;
    const { description: _, ...settings } = toSettings(shown);
    onSave(settings);
    setForm(null);
  };
  return (
    <>
      <form className="insp stream-settings" onSubmit={submit}>
        <fieldset disabled={!mayEdit || busy}>
          {fields.map(({ name, label, unit, hint }) => (
            <div key={name} className="prow-says">
              <label className="prow">
                <span>{label}</span>
                <Input
                  inputMode="decimal"
                  wrong={Boolean(wrong[name])}
                  value={shown[name]}
                  disabled={!mayLetGo && keeping.includes(name)}
                  aria-describedby={`says-${name}`}
                  end={<span className="unit">{unit}</span>}
                  onChange={(event) => setForm({ ...shown, [name]: event.target.value })}
                />
              </label>
              <p id={`says-${name}`} className={wrong[name] ? 'st-fail' : 'mut'}>
                {wrong[name] ?? hint}
              </p>
            </div>
          ))}
          {!mayEdit && <p className="mut">Whoever may edit the project changes these.</p>}
          {mayEdit && isChanged && (
            <div className="go">
              <Button size="small" type="submit" disabled={Object.keys(wrong).length > 0}>
                Save
              </Button>
              <Button kind="bare" size="small" onClick={() => setForm(null)}>
                Leave it
              </Button>
            </div>
          )}
        </fieldset>
      </form>
      <Known view={view} />
      {mayEdit && !mayLetGo && (
        <p className="insp last mut">
          Its events are fetched: how long they are kept, and deleting them, is an owner’s of the project.
        </p>
      )}
      {mayEdit && mayLetGo && (
        <div className="insp last">
          <Button size="small" icon="trash-2" onClick={onDelete}>
            Delete the stream…
          </Button>
        </div>
      )}
    </>
  );
}

/** What stays as it was made, and how the log stands. */
function Known({ view }: { view: StreamView }) {
  return (
    <div className="insp">
      <h2>The log</h2>
      <dl className="kv">
        <dt>Event time</dt>
        <dd className="mono">{view.eventTime}</dd>
        <dt>Key</dt>
        <dd className="mono">{view.key.join(', ') || <span className="mut">none</span>}</dd>
        <dt>Events</dt>
        <dd>
          {view.events > 0
            ? `${whole(view.firstOffset)} to ${whole(view.offset - 1)}`
            : `the next is ${whole(view.offset)}`}
        </dd>
        <dt>Came twice</dt>
        <dd>{whole(view.duplicates)}, left out</dd>
        {view.lag !== null && (
          <>
            <dt>Newest</dt>
            <dd>{ageWords(view.lag)} old</dd>
          </>
        )}
      </dl>
    </div>
  );
}

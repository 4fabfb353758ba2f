'use client';
import { useState, type FormEvent } from 'react';
import { Button } from '#components/parts/button.tsx';
import { FormRow, Input } from '#components/parts/field.tsx';
import { ZoneSelect, useZone } from '#components/start/zone.tsx';

interface Given {
  busy: boolean;
  problem: string | null;
  onMake(name: string, timeZone: string): void;
}

export function NewProject({ busy, problem, onMake }: Given) {
  const here = useZone();
  const [name, setName] = useState('');
  const [zone, setZone] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onMake(name, zone || here);
  };
  return (
    <form onSubmit={submit} className="narrow-form">
      <dl className="form">
        <FormRow label="Name" wrong={problem}>
          {(tie) => (
            <Input {...tie} required maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
          )}
        </FormRow>
        <FormRow label="Time zone" hint="Days and windows are cut in this zone, unless a job says otherwise.">
          {(tie) => <ZoneSelect {...tie} value={zone || here} onChange={(event) => setZone(event.target.value)} />}
        </FormRow>
      </dl>
      <div className="go">
        <Button type="submit" disabled={busy}>
          Make the project
        </Button>
      </div>
    </form>
  );
}

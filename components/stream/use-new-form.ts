import { useMemo, useState } from 'react';
import type { StreamSpec } from '#lib/client/api/streams.ts';
import type { Refusal } from '#lib/client/call.ts';
import { emptyForm, placeOf, readForm, type Field, type NewForm } from './new-form.ts';

export interface NewFormState {
  form: NewForm;
  set(change: Partial<NewForm>): void;
  /** What is wrong with a field: by what was typed, once it was sent, or by the server. */
  wrong(field: Field): string | null;
  /** What the server refused and no field is about. */
  refused: string | null;
  /** How often it was tried to give it on. */
  tries: number;
  /** What was last given on. */
  sent: NewForm | null;
  /** Gives it on when nothing is wrong; from now on every field says what is. */
  submit(): void;
}

/** The fields of a stream that is being made. `problem`: why the server refused what was last given on. */
export function useNewForm(problem: Refusal | null, onMake: (spec: StreamSpec) => void): NewFormState {
  const [form, setForm] = useState(emptyForm);
  const [tries, setTries] = useState(0);
  const [sent, setSent] = useState<NewForm | null>(null);
  const read = useMemo(() => readForm(form), [form]);
  const place = problem && sent ? placeOf(problem, sent, form) : 'gone';
  const own = read.ok ? {} : read.problems;
  return {
    form,
    set: (change) => setForm((now) => ({ ...now, ...change })),
    wrong: (field) => (tries > 0 && own[field]) || (place === field ? problem!.detail : null),
    refused: place === 'whole' ? problem!.detail : null,
    tries,
    sent,
    submit: () => {
      setTries((now) => now + 1);
      if (!read.ok) return;
      setSent(form);
      onMake(read.spec);
    },
  };
}

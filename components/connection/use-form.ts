import { useMemo, useState } from 'react';
import type { ConnectionView } from '#lib/connection/view.ts';
import {
  emptyForm,
  formOf,
  isSameReach,
  readForm,
  takesOwn,
  type ConnectionForm,
  type Field,
  type Problems,
  type Read,
} from './form.ts';

export interface FormState {
  form: ConnectionForm;
  set(change: Partial<ConnectionForm>): void;
  read: Read;
  /** What is wrong with a field that was typed in, or with any once everything was asked for. */
  wrong(field: Field): string | undefined;
  /** From now on every field says what is wrong with it. */
  demand(): void;
  isChanged: boolean;
  /** A password is kept that serves these fields. */
  isKept: boolean;
  /** One's own account is typed here, and not by itself. */
  takesOwn: boolean;
  /** Nothing is unsaved any more. */
  settle(): void;
}

/** The form's fields; `kept` is the connection that is changed, if it is there already. */
export function useForm(kept: ConnectionView | null): FormState {
  const [begun, setBegun] = useState(() => (kept ? formOf(kept) : emptyForm()));
  const [form, setForm] = useState(begun);
  const [typed, setTyped] = useState<ReadonlySet<string>>(new Set());
  const [all, setAll] = useState(false);
  const hasKept = kept !== null && (form.kind === 'service' ? kept.hasSecret : kept.user !== '');
  const isKept = hasKept && isSameReach(form, { ...formOf(kept), account: keptAccount(form, kept) });
  const read = useMemo(() => readForm(form, isKept), [form, isKept]);
  const problems: Problems = read.ok ? {} : read.problems;
  return {
    form,
    set: (change) => {
      setForm((now) => ({ ...now, ...change }));
      setTyped((now) => new Set([...now, ...Object.keys(change)]));
    },
    read,
    wrong: (field) => (all || typed.has(field) ? problems[field] : undefined),
    demand: () => setAll(true),
    isChanged: JSON.stringify(form) !== JSON.stringify(begun),
    isKept,
    takesOwn: takesOwn(form, kept && formOf(kept)),
    settle: () => {
      setBegun(form);
      setTyped(new Set());
    },
  };
}

/** A person's own account is not shown, so it is nothing that could differ. */
function keptAccount(form: ConnectionForm, kept: ConnectionView): string {
  const { identity } = kept.settings;
  return identity.kind === 'service' ? identity.account : form.account;
}

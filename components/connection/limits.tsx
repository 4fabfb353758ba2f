'use client';
import type { ReactNode } from 'react';
import { FormRow, Input } from '#components/parts/field.tsx';
import type { Field } from './form.ts';
import { Choice } from './reach.tsx';
import type { FormState } from './use-form.ts';

/** What a query and a person may take, and where jobs may write. */
export function Limits({ state }: { state: FormState }) {
  const { form, set, wrong } = state;
  return (
    <dl className="form">
      <FormRow label="A query" wrong={firstOf(state, ['scanGB', 'minutes', 'rows', 'resultMB'])}>
        {() => (
          <div className="rowf">
            <Number state={state} field="scanGB" label="reads at most" unit="GB" placeholder="any" />
            <Number state={state} field="minutes" label="takes at most" unit="min" />
            <Number state={state} field="rows" label="first rows" />
            <Number state={state} field="resultMB" label="answers at most" unit="MB" />
          </div>
        )}
      </FormRow>
      <FormRow
        label="A person"
        hint="The same text by the same person is answered from what is kept, with its age shown."
        wrong={firstOf(state, ['perPerson', 'together', 'cacheMinutes'])}
      >
        {() => (
          <div className="rowf">
            <Number state={state} field="perPerson" label="at once" />
            <Number state={state} field="together" label="all together" />
            <Number state={state} field="cacheMinutes" label="answers are kept" unit="min" />
          </div>
        )}
      </FormRow>
      <FormRow
        label="Jobs may write"
        hint="A schema of Iceberg tables, as catalog.schema. Empty: nowhere."
        wrong={wrong('writes')}
      >
        {(tie) => (
          <Choice
            {...tie}
            label="Jobs may write"
            placeholder="iceberg.lodestar"
            value={form.writes}
            offers={[]}
            onChange={(writes) => set({ writes })}
          />
        )}
      </FormRow>
    </dl>
  );
}

function firstOf(state: FormState, fields: Field[]): string | undefined {
  return fields.map((field) => state.wrong(field)).find(Boolean);
}

interface NumberGiven {
  state: FormState;
  field: Field;
  label: string;
  unit?: ReactNode;
  placeholder?: string;
}

function Number({ state: { form, set, wrong }, field, label, unit, placeholder }: NumberGiven) {
  return (
    <label className="lab">
      {label}
      <Input
        inputMode="decimal"
        autoComplete="off"
        placeholder={placeholder}
        wrong={Boolean(wrong(field))}
        value={form[field]}
        end={unit && <span className="unit">{unit}</span>}
        onChange={(event) => set({ [field]: event.target.value })}
      />
    </label>
  );
}

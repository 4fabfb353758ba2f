'use client';
import type { KeyboardEvent } from 'react';
import { useHere, useMayEdit } from '#components/notebook/context.tsx';
import { Segmented } from '#components/parts/segmented.tsx';
import { Input, Select } from '#components/parts/field.tsx';
import type { InputSpec } from '#lib/notebook/cell.ts';
import { DateField } from './date-field.tsx';
import { wrongValue } from './input-value.ts';
import { useDraft } from '#components/notebook/use-draft.ts';

interface Given {
  id: string;
  name: string;
  input: InputSpec;
}

/** The field of an input by its kind. A choice of up to five is all in sight. */
export function InputField({ id, name, input }: Given) {
  const { store } = useHere();
  const mayEdit = useMayEdit();
  const set = (value: InputSpec['value']) => store.act.setInput(id, { value });
  const label = `Value of ${name}`;
  if (input.kind === 'choice') return <Choice label={label} input={input} disabled={!mayEdit} onSet={set} />;
  return <Typed label={label} input={input} disabled={!mayEdit} onSet={set} />;
}

interface FieldGiven {
  label: string;
  input: InputSpec;
  disabled: boolean;
  onSet(value: InputSpec['value']): void;
}

function Choice({ label, input, disabled, onSet }: FieldGiven) {
  const value = String(input.value ?? '');
  if (input.options.length === 0) return <span className="field mut">No choices yet: add them in its settings</span>;
  if (input.options.length <= 5) {
    const choices = input.options.map((option) => ({ value: option, label: option }));
    return <Segmented label={label} value={value} choices={choices} disabled={disabled} onChange={onSet} />;
  }
  return (
    <Select aria-label={label} value={value} disabled={disabled} onChange={(event) => onSet(event.target.value)}>
      {!input.options.includes(value) && <option value={value}>{value || 'Choose'}</option>}
      {input.options.map((option) => (
        <option key={option}>{option}</option>
      ))}
    </Select>
  );
}

/** Values count when they are left or Enter is pressed; a day as soon as it is picked or whole. */
function Typed({ label, input, disabled, onSet }: FieldGiven) {
  const given = input.value === null ? '' : String(input.value);
  const [draft, setDraft] = useDraft(given);
  const wrong = wrongValue(input, draft);
  const keep = (text: string) => {
    if (text !== given && !wrongValue(input, text)) onSet(toValue(input, text));
  };
  const common = {
    'aria-label': label,
    value: draft,
    disabled,
    wrong: wrong !== null,
    onBlur: () => keep(draft),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === 'Enter' && !event.metaKey && !event.ctrlKey) keep(draft);
    },
  };
  const isTime = input.kind === 'date' || input.kind === 'timestamp';
  const draftDay = (text: string) => {
    setDraft(text);
    if (input.kind === 'date' && text.length === 10) keep(text);
  };
  return (
    <>
      {isTime ? (
        <DateField
          {...common}
          withTime={input.kind === 'timestamp'}
          onDraft={draftDay}
          onPick={(text) => (setDraft(text), keep(text))}
        />
      ) : (
        <Input
          {...common}
          type={input.kind === 'number' ? 'number' : 'text'}
          step="any"
          min={input.min ?? undefined}
          max={input.max ?? undefined}
          onChange={(event) => setDraft(event.target.value)}
        />
      )}
      {wrong && <span className="bad1">{wrong}</span>}
    </>
  );
}

function toValue(input: InputSpec, text: string): InputSpec['value'] {
  if (text === '') return null;
  return input.kind === 'number' ? Number(text) : text;
}

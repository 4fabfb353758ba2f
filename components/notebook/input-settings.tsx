'use client';
import { useState, type ReactNode } from 'react';
import { Input, Select, TextArea } from '#components/parts/field.tsx';
import type { InputSpec } from '#lib/notebook/cell.ts';
import { useDesk, useHere, useMayEdit, useView } from './context.tsx';
import { useDraft } from './use-draft.ts';

const kinds: [InputSpec['kind'], string][] = [
  ['number', 'Number'],
  ['text', 'Text'],
  ['date', 'Date'],
  ['timestamp', 'Date and time'],
  ['choice', 'Choice'],
];

/** What the current input is: its kind, hint, choices and bounds. */
export function InputSettings() {
  const { store } = useHere();
  const mayEdit = useMayEdit();
  const current = useDesk((state) => state.current);
  const cell = useView((view) => view.cells.find((each) => each.cell.id === current)?.cell);
  if (!cell?.input) return null;
  const { input } = cell;
  const set = (change: Partial<InputSpec>) => store.act.setInput(cell.id, change);
  return (
    <fieldset className="insp-set" disabled={!mayEdit}>
      <div className="insp">
        <h2>Input</h2>
        <Row label="Name">
          <Kept key={cell.id} value={cell.name} mono onKeep={(name) => store.act.rename(cell.id, name)} />
        </Row>
        <Row label="Kind">
          <Select value={input.kind} onChange={(event) => set({ kind: event.target.value as InputSpec['kind'] })}>
            {kinds.map(([kind, label]) => (
              <option key={kind} value={kind}>
                {label}
              </option>
            ))}
          </Select>
        </Row>
        <Row label="Hint">
          <Kept key={cell.id} value={input.hint} onKeep={(hint) => set({ hint })} />
        </Row>
      </div>
      {input.kind === 'choice' && (
        <Options key={cell.id} options={input.options} onKeep={(options) => set({ options })} />
      )}
      {input.kind === 'number' && (
        <div className="insp">
          <h2>Bounds</h2>
          <Row label="From">
            <Kept value={asText(input.min)} number onKeep={(text) => set({ min: asNumber(text) })} />
          </Row>
          <Row label="To">
            <Kept value={asText(input.max)} number onKeep={(text) => set({ max: asNumber(text) })} />
          </Row>
        </div>
      )}
      <div className="insp last">
        <p>
          Write <code>{`{{${cell.name}}}`}</code> in SQL. The value is bound, never pasted; changing it runs what reads
          it; what reads it on Trino waits until you run it.
        </p>
      </div>
    </fieldset>
  );
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <label className="prow">
      <span>{label}</span>
      {children}
    </label>
  );
}

/** Kept when left or at Enter. */
export function Kept({
  label,
  value,
  mono,
  number,
  onKeep,
}: {
  /** Its name, where no label stands around it. */
  label?: string;
  value: string;
  mono?: boolean;
  number?: boolean;
  onKeep(value: string): void;
}) {
  const [draft, setDraft] = useDraft(value);
  const keep = () => draft !== value && onKeep(draft);
  return (
    <Input
      aria-label={label}
      mono={mono}
      type={number ? 'number' : 'text'}
      value={draft}
      spellCheck={false}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={keep}
      onKeyDown={(event) => event.key === 'Enter' && keep()}
    />
  );
}

function Options({ options, onKeep }: { options: string[]; onKeep(options: string[]): void }) {
  const [draft, setDraft] = useState(options.join('\n'));
  const keep = () => onKeep(unique(draft.split('\n').map((line) => line.trim())));
  return (
    <div className="insp">
      <h2>Choices</h2>
      <TextArea
        aria-label="Choices, one a line"
        rows={Math.max(4, options.length + 1)}
        value={draft}
        placeholder="One a line"
        onChange={(event) => setDraft(event.target.value)}
        onBlur={keep}
      />
    </div>
  );
}

function unique(lines: string[]): string[] {
  return [...new Set(lines.filter(Boolean))];
}

function asText(value: number | null): string {
  return value === null ? '' : String(value);
}

function asNumber(text: string): number | null {
  return text.trim() === '' || !Number.isFinite(Number(text)) ? null : Number(text);
}

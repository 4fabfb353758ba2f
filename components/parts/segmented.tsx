'use client';
import { ToggleGroup } from 'radix-ui';
import type { ReactNode } from 'react';

interface Given<V extends string> {
  label: string;
  value: V;
  choices: { value: V; label: ReactNode }[];
  disabled?: boolean;
  onChange(value: V): void;
}

/** One of few, all in sight. Arrows walk, one is always chosen. */
export function Segmented<V extends string>({ label, value, choices, disabled, onChange }: Given<V>) {
  return (
    <ToggleGroup.Root
      className="seg"
      type="single"
      aria-label={label}
      value={value}
      disabled={disabled}
      onValueChange={(next) => next && onChange(next as V)}
    >
      {choices.map((choice) => (
        <ToggleGroup.Item key={choice.value} value={choice.value} className={choice.value === value ? 'on' : ''}>
          {choice.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}

'use client';
import { Switch as Radix } from 'radix-ui';

interface Given {
  label: string;
  checked: boolean;
  disabled?: boolean;
  onChange(checked: boolean): void;
}

export function Switch({ label, checked, disabled, onChange }: Given) {
  return (
    <Radix.Root
      className={checked ? 'switch on' : 'switch'}
      aria-label={label}
      checked={checked}
      disabled={disabled}
      onCheckedChange={onChange}
    />
  );
}

'use client';
import { useRef, type ComponentProps } from 'react';
import { IconButton } from '#components/parts/icon-button.tsx';
import { Input } from '#components/parts/field.tsx';

interface Given extends Omit<ComponentProps<typeof Input>, 'onChange' | 'value'> {
  value: string;
  withTime: boolean;
  onDraft(text: string): void;
  /** A day was picked from the calendar. */
  onPick(text: string): void;
}

/** A date as it is written everywhere here, 2026-10-19; the platform's calendar is one press away. */
export function DateField({ value, withTime, onDraft, onPick, disabled, ...rest }: Given) {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <Input
      {...rest}
      value={value}
      disabled={disabled}
      inputMode="numeric"
      placeholder={withTime ? 'yyyy-mm-dd hh:mm' : 'yyyy-mm-dd'}
      spellCheck={false}
      onChange={(event) => onDraft(event.target.value)}
      end={
        <>
          <input
            ref={picker}
            className="picker"
            type={withTime ? 'datetime-local' : 'date'}
            tabIndex={-1}
            aria-hidden="true"
            value={value.replace(' ', 'T')}
            onChange={(event) => event.target.value && onPick(event.target.value.replace('T', ' '))}
          />
          <IconButton
            icon="calendar"
            label="Choose from a calendar"
            disabled={disabled}
            onClick={() => picker.current?.showPicker()}
          />
        </>
      }
    />
  );
}

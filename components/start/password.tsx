'use client';
import { useState, type ComponentProps } from 'react';
import { Button } from '#components/parts/button.tsx';
import { Input } from '#components/parts/field.tsx';

/** A password that can be looked at while it is typed. */
export function Password(given: ComponentProps<typeof Input>) {
  const [seen, setSeen] = useState(false);
  return (
    <Input
      {...given}
      type={seen ? 'text' : 'password'}
      spellCheck={false}
      end={
        <Button kind="bare" size="small" aria-pressed={seen} onClick={() => setSeen(!seen)}>
          {seen ? 'Hide' : 'Show'}
        </Button>
      }
    />
  );
}

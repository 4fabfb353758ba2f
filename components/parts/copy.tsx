'use client';
import { useRef, useState, type ComponentProps } from 'react';
import { Button } from './button.tsx';
import { Input } from './field.tsx';

type Given = Omit<ComponentProps<typeof Input>, 'value'> & { text: string; label: string };

/** A text to take along: a link, a token. Where the clipboard is closed to us it is selected, ready for Ctrl-C. */
export function Copy({ text, label, ...rest }: Given) {
  const [done, setDone] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const copy = async () => {
    field.current?.select();
    await navigator.clipboard?.writeText(text).then(
      () => setDone(true),
      () => setDone(false),
    );
  };
  return (
    <Input
      {...rest}
      ref={field}
      mono
      readOnly
      value={text}
      onFocus={(event) => event.target.select()}
      end={
        <Button kind="bare" size="small" icon={done ? 'check' : 'copy'} aria-label={label} onClick={() => void copy()}>
          {done ? 'Copied' : 'Copy'}
        </Button>
      }
    />
  );
}

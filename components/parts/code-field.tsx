import type { ComponentProps } from 'react';
import { Input, TextArea } from './field.tsx';

const asWritten = { autoComplete: 'off', autoCapitalize: 'none', spellCheck: false } as const;

/** A field for what machines read, letter by letter: names, addresses, topics. Nothing completes, corrects or capitalises it. */
export function CodeInput(given: Omit<ComponentProps<typeof Input>, 'mono' | keyof typeof asWritten>) {
  return <Input {...asWritten} {...given} mono />;
}

/** The same over several lines: certificates, lists. */
export function CodeArea({
  wrong,
  className = '',
  ...rest
}: Omit<ComponentProps<'textarea'>, keyof typeof asWritten> & { wrong?: boolean }) {
  return <TextArea {...asWritten} aria-invalid={wrong || undefined} className={`mono ${className}`} {...rest} />;
}

import { useId, type ComponentProps, type ReactElement, type ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

interface Given extends ComponentProps<'input'> {
  icon?: IconName;
  wrong?: boolean;
  mono?: boolean;
  /** At the end of the field: a unit, a mark, a bare button. */
  end?: ReactNode;
}

export function Input({ icon, wrong, mono, end, className = '', ...rest }: Given) {
  return (
    <span className={`field ${mono ? 'mono' : ''} ${wrong ? 'bad' : ''} ${className}`}>
      {icon && <Icon name={icon} />}
      <input aria-invalid={wrong || undefined} {...rest} />
      {end}
    </span>
  );
}

/** The platform's own list, in our field: it works with every keyboard, finger and screen reader. */
export function Select({
  wrong,
  mono,
  className = '',
  children,
  ...rest
}: ComponentProps<'select'> & { wrong?: boolean; mono?: boolean }) {
  return (
    <span className={`field pick ${mono ? 'mono' : ''} ${wrong ? 'bad' : ''} ${className}`}>
      <select aria-invalid={wrong || undefined} {...rest}>
        {children}
      </select>
      <Icon name="chevron-down" size="small" />
    </span>
  );
}

export function TextArea({ className = '', ...rest }: ComponentProps<'textarea'>) {
  return <textarea className={`area ${className}`} {...rest} />;
}

interface Row {
  label: string;
  hint?: ReactNode;
  /** What is wrong and what to do; replaces the hint. */
  wrong?: string | null;
  /** Given the ids that tie the control to its words. */
  children: (tie: { id: string; 'aria-describedby': string | undefined; wrong: boolean }) => ReactElement;
}

/** One row of a form: the word left, the control and its hint right. Stands inside `<dl class="form">`. */
export function FormRow({ label, hint, wrong, children }: Row) {
  const id = useId();
  const said = Boolean(wrong || hint);
  return (
    <>
      <dt>
        <label htmlFor={id}>{label}</label>
      </dt>
      <dd>
        {children({ id, 'aria-describedby': said ? `${id}-says` : undefined, wrong: Boolean(wrong) })}
        {said && (
          <div id={`${id}-says`} className={wrong ? 'says bad1' : 'says'} role={wrong ? 'alert' : undefined}>
            {wrong || hint}
          </div>
        )}
      </dd>
    </>
  );
}

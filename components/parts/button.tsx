import Link from 'next/link';
import type { ComponentProps, ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';
import { Kbd } from './kbd.tsx';

export type ButtonKind = 'plain' | 'main' | 'bare' | 'stop' | 'danger';

interface Look {
  kind?: ButtonKind;
  size?: 'small' | 'base' | 'big';
  icon?: IconName;
  /** Shown at the end, as `mod+enter`; binding it is the caller's. */
  keys?: string;
  /** Leave only the icon below 700 px; the word stays for screen readers. */
  tight?: boolean;
  children: ReactNode;
}

function look({ kind = 'plain', size = 'base' }: Look, className = ''): string {
  return ['btn', kind === 'plain' ? '' : kind, size === 'base' ? '' : size, className].filter(Boolean).join(' ');
}

function Inside({ icon, keys, tight, children }: Look) {
  return (
    <>
      {icon && <Icon name={icon} />}
      {tight ? <span className="tight">{children}</span> : children}
      {keys && <Kbd keys={keys} wide />}
    </>
  );
}

export function Button({
  kind,
  size,
  icon,
  keys,
  tight,
  className,
  children,
  ...rest
}: Look & ComponentProps<'button'>) {
  const given = { kind, size, icon, keys, tight, children };
  return (
    <button type="button" className={look(given, className)} {...rest}>
      <Inside {...given} />
    </button>
  );
}

/** A place to go, drawn as a button. */
export function ButtonLink({
  kind,
  size,
  icon,
  keys,
  tight,
  className,
  children,
  ...rest
}: Look & ComponentProps<typeof Link>) {
  const given = { kind, size, icon, keys, tight, children };
  return (
    <Link className={look(given, className)} {...rest}>
      <Inside {...given} />
    </Link>
  );
}

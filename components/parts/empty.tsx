import Link from 'next/link';
import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';
import { Kbd } from './kbd.tsx';

export interface NextStep {
  icon: IconName;
  label: ReactNode;
  keys?: string;
  href?: string;
  onSelect?: () => void;
}

/** An empty place teaches the next step. */
export function Empty({ title, children, steps = [] }: { title: string; children?: ReactNode; steps?: NextStep[] }) {
  return (
    <div className="empty">
      <h3>{title}</h3>
      {children && <p>{children}</p>}
      {steps.length > 0 && (
        <ul>
          {steps.map((step, index) => (
            <li key={index}>
              <Step {...step} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Step({ icon, label, keys, href, onSelect }: NextStep) {
  const inside = (
    <>
      <Icon name={icon} />
      {label}
      {keys && <Kbd keys={keys} />}
    </>
  );
  if (href) return <Link href={href}>{inside}</Link>;
  if (onSelect)
    return (
      <button type="button" onClick={onSelect}>
        {inside}
      </button>
    );
  return <span>{inside}</span>;
}

import type { ReactNode } from 'react';

/** The title block of a drawing: label above value, ruled. */
export function Facts({ figures, children }: { figures?: boolean; children: ReactNode }) {
  return <dl className={figures ? 'facts figs' : 'facts'}>{children}</dl>;
}

export function Fact({ label, unit, children }: { label: string; unit?: ReactNode; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {children} {unit !== undefined && <small>{unit}</small>}
      </dd>
    </div>
  );
}

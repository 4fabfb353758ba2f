import type { CSSProperties, ReactNode } from 'react';

/** The title block of a drawing: label above value, ruled. */
export function Facts({ figures, children }: { figures?: boolean; children: ReactNode }) {
  return <dl className={figures ? 'facts figs' : 'facts'}>{children}</dl>;
}

interface FactGiven {
  label: string;
  unit?: ReactNode;
  /** Letters for which there is room, where it changes while one reads: what stands beside it does not move. */
  room?: number;
  children: ReactNode;
}

export function Fact({ label, unit, room, children }: FactGiven) {
  return (
    <div {...(room ? { className: 'steady', style: { '--room': `${room}ch` } as CSSProperties } : {})}>
      <dt>{label}</dt>
      <dd>
        {children} {unit !== undefined && <small>{unit}</small>}
      </dd>
    </div>
  );
}

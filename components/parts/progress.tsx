import type { ReactNode } from 'react';

interface Given {
  label: string;
  /** 0 to 1; null where nothing can be known. */
  done: number | null;
  /** Numbers with units: "12 of 40 MB". */
  children?: ReactNode;
  acts?: ReactNode;
}

/** A scale with ticks at each tenth, its numbers, and Stop. Show it after 300 ms, not before. */
export function Progress({ label, done, children, acts }: Given) {
  const percent = done === null ? undefined : Math.round(Math.min(1, Math.max(0, done)) * 100);
  return (
    <div className="prog">
      <div className="row">
        <b>{label}</b>
        {children}
        {acts && <span className="end">{acts}</span>}
      </div>
      <div
        className={done === null ? 'rule unknown' : 'rule'}
        role="progressbar"
        aria-label={label}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <i style={percent === undefined ? undefined : { width: `${percent}%` }} />
      </div>
    </div>
  );
}

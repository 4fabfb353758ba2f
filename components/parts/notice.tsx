import type { ReactNode } from 'react';
import { Mark } from './mark.tsx';

interface Given {
  state: 'failed' | 'warned' | 'good' | 'stale';
  /** What happened, and what it means. */
  children: ReactNode;
  /** What to do: buttons. */
  acts?: ReactNode;
}

const looks = { failed: 'err', warned: 'err warned', good: 'err good', stale: 'err stale' };

/** A ruled line with the state's mark, a sentence and an act. A failure is read out at once. */
export function Notice({ state, children, acts }: Given) {
  return (
    <div className={looks[state]} role={state === 'failed' ? 'alert' : 'status'}>
      <Mark state={state} />
      <div>{children}</div>
      {acts && <div className="fix">{acts}</div>}
    </div>
  );
}

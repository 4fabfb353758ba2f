/** What a cell, a run or a window can be: shape and hue, so that it still reads in grey. */
export type MarkState = 'idle' | 'queued' | 'running' | 'good' | 'stale' | 'warned' | 'failed';

const classes = {
  idle: 'idle',
  queued: 'queued',
  running: 'running',
  good: 'ok',
  stale: 'stale',
  warned: 'warn',
  failed: 'fail',
};
const words = {
  idle: 'not run',
  queued: 'queued',
  running: 'running',
  good: 'good',
  stale: 'stale',
  warned: 'warned',
  failed: 'failed',
};

interface Given {
  state: MarkState;
  /** 0 to 1 while running; left out, the arc turns. */
  progress?: number;
  /** Replaces the state's own word; empty hides the mark from screen readers where a word stands beside it. */
  label?: string;
}

export function Mark({ state, progress, label = words[state] }: Given) {
  const turning = state === 'running' && progress === undefined;
  const named = label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true };
  return (
    <svg className={`mark ${classes[state]}${turning ? ' turning' : ''}`} viewBox="0 0 12 12" {...named}>
      <Shape state={state} progress={progress ?? 0.3} />
    </svg>
  );
}

function Shape({ state, progress }: { state: MarkState; progress: number }) {
  switch (state) {
    case 'idle':
      return <circle cx="6" cy="6" r="3" className="hollow" />;
    case 'queued':
      return <circle cx="6" cy="6" r="4.25" className="dash" />;
    case 'running':
      return (
        <>
          <circle cx="6" cy="6" r="4.75" className="track" />
          <circle cx="6" cy="6" r="4.75" className="arc" pathLength="100" strokeDasharray={`${progress * 100} 100`} />
        </>
      );
    case 'good':
      return <circle cx="6" cy="6" r="3.5" fill="currentColor" />;
    case 'stale':
      return (
        <>
          <circle cx="6" cy="6" r="4.6" className="ring" />
          <path d="M2.9 7.1 7.1 2.9M3.1 10 10 3.1M4.9 9.1 9.1 4.9" className="hat" />
        </>
      );
    case 'warned':
      return <path d="M6 1.2 11.2 10.4H.8Z" fill="currentColor" />;
    case 'failed':
      return (
        <>
          <rect x="1.9" y="1.9" width="8.2" height="8.2" fill="currentColor" />
          <path d="M3.7 3.7 8.3 8.3M8.3 3.7 3.7 8.3" className="x" />
        </>
      );
  }
}

/** The mark of a job run's state. */
export function markOf(state: string): MarkState {
  if (state === 'queued' || state === 'running' || state === 'good' || state === 'warned' || state === 'failed')
    return state;
  return 'idle';
}

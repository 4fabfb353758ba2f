'use client';
import { Mark } from '#components/parts/mark.tsx';
import type { CellAdvice } from '#lib/client/notebook/advice.ts';
import { estimateWords } from './cluster-words.ts';

interface Given {
  advice: CellAdvice | null;
  /** What the last run says is wrong: nothing is said twice. */
  said: string | undefined;
}

/** One quiet line under a Trino cell’s text: what it would read, and what to do about it. Its place is kept. */
export function AdviceLine({ advice, said }: Given) {
  const { estimate } = advice ?? {};
  const problem = advice?.problem?.message === said ? null : advice?.problem;
  return (
    <div className="advice" aria-live="polite">
      {problem && (
        <p className="st-fail">
          <Mark state="failed" label="" /> {problem.message.replaceAll('`', '')}
          {problem.hint && <span className="sec"> {problem.hint.replaceAll('`', '')}</span>}
        </p>
      )}
      {estimate && <p>{estimateWords(estimate)}</p>}
      {estimate?.hints.map((hint) => (
        <p key={hint.code + hint.message} data-hint={hint.code}>
          <Mark state="warned" label="hint" /> {hint.message} <span className="sec">{hint.act}</span>
        </p>
      ))}
    </div>
  );
}

import { memo } from 'react';
import type { ShownResult } from '#components/notebook/use-result.ts';

const shown = 200;

/** What a TypeScript cell said, with level and line, and what it made, by name with its type. */
export const Console = memo(function Console({ logs, values }: Pick<ShownResult, 'logs' | 'values'>) {
  const last = logs.slice(-shown);
  return (
    <div role="log" aria-label="Output">
      {logs.length > shown && <div className="cons mut">The first {logs.length - shown} lines are not shown.</div>}
      {last.map((log, index) => (
        <div className={`cons ${log.level}`} key={index}>
          <span className="lv">{log.level}</span>
          <span className="out">{log.text}</span>
          {log.line !== undefined && <span className="at nw">line {log.line}</span>}
        </div>
      ))}
      {values.map(({ name, value }) => (
        <div className="cons" key={name} data-value={name}>
          <span className="lv" title={name}>
            {name}
          </span>
          <span className="out">
            <span className="typ">{value.type}</span> {value.text}
          </span>
        </div>
      ))}
    </div>
  );
});

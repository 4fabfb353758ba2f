import type { ReactNode } from 'react';
import { spansOf, type Span } from '#lib/sql/tokens.ts';
import type { DiffLine } from './diff.ts';

const classes: Record<Span['kind'], string> = {
  keyword: 'key',
  string: 'str',
  number: 'num',
  comment: 'com',
  function: 'fn',
  parameter: 'par',
  identifier: '',
};
const signs = { same: '', gone: '−', new: '+' };
const looks = { same: '', gone: 'del', new: 'add' };
const said = { same: '', gone: 'removed: ', new: 'added: ' };

/** SQL in lines, what goes and comes marked by colour, sign and, for screen readers, a word. */
export function SqlDiff({ lines, label }: { lines: DiffLine[]; label: string }) {
  return (
    <div className="diff" tabIndex={0} role="region" aria-label={label}>
      {lines.map((line, index) => (
        <div key={index} className={looks[line.kind]}>
          <i>{line.before}</i>
          <i>{line.after}</i>
          <b aria-hidden="true">{signs[line.kind]}</b>
          <span>
            {said[line.kind] && <span className="vh">{said[line.kind]}</span>}
            <Line {...line} />
          </span>
        </div>
      ))}
    </div>
  );
}

function Line({ text, changed }: DiffLine) {
  if (!changed) return coloured(text);
  const [from, to] = changed;
  return (
    <>
      {coloured(text, 0, from)}
      {to > from && <em>{coloured(text, from, to)}</em>}
      {coloured(text, to)}
    </>
  );
}

/** The stretch [from, to) of a line, in the colours the whole line gives it. */
function coloured(text: string, from = 0, to = text.length): ReactNode[] {
  const parts: ReactNode[] = [];
  let at = from;
  for (const span of spansOf(text)) {
    const [start, end] = [Math.max(span.from, at), Math.min(span.to, to)];
    if (start >= end) continue;
    if (start > at) parts.push(text.slice(at, start));
    parts.push(
      <span key={start} className={classes[span.kind]}>
        {text.slice(start, end)}
      </span>,
    );
    at = end;
  }
  return [...parts, text.slice(at, to)];
}

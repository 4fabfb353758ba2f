import type { ReactNode } from 'react';

interface Given {
  /** What the table holds, for screen readers. */
  label: string;
  /** More of the look: `mid`, `pad`, `stack`, `nbl`. */
  look?: string;
  /** `<th>`s of the one head row. */
  head?: ReactNode;
  /** `<tr>`s. */
  children: ReactNode;
}

/** A table that scrolls inside its own frame, never the page; it can be reached and scrolled with keys. */
export function DataTable({ label, look = '', head, children }: Given) {
  return (
    <div className="tw" tabIndex={0} role="region" aria-label={label}>
      <table className={`tb ${look}`}>
        {head && (
          <thead>
            <tr>{head}</tr>
          </thead>
        )}
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

import { whole } from './words.ts';

interface Given {
  /** Rows in hand. */
  rows: number;
  complete: boolean;
  /** Rows there are, where known. */
  of?: number | null;
}

/** Whether a result is the whole of it; it follows the result wherever it is used. */
export function Honesty({ rows, complete, of }: Given) {
  if (complete) return <span className="honest">Complete</span>;
  return (
    <span className="honest part">
      First {whole(rows)} {of ? `of ${whole(of)} rows` : 'rows, there are more'}
    </span>
  );
}

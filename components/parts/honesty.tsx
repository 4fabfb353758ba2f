import { whole } from './words.ts';

interface Given {
  /** Rows in hand. */
  rows: number;
  complete: boolean;
  /** All of the answer is here, and it was made from rows that are a part. */
  isOfPart?: boolean;
  /** Rows there are, where known. */
  of?: number | null;
}

/** Whether a result is the whole of it; it follows the result wherever it is used. */
export function Honesty({ rows, complete, isOfPart = false, of }: Given) {
  if (complete) return <span className="honest">Complete</span>;
  if (isOfPart) return <span className="honest part">Made from a part of the rows</span>;
  return (
    <span className="honest part">
      First {whole(rows)} {of ? `of ${whole(of)} rows` : 'rows, there are more'}
    </span>
  );
}

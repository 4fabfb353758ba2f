/** What a column's values are, as far as showing, charting and profiling care. */
export type Kind = 'number' | 'time' | 'boolean' | 'text' | 'nested';

const numbers = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|INT|DECIMAL.*|NUMERIC.*|FLOAT|DOUBLE|REAL|BIGNUM|VARINT)$/i;

const times = /^(DATE|DATETIME|TIMESTAMP(TZ|_S|_MS|_NS)?( WITH TIME ZONE)?)$/i;

/**
 * The kind of a DuckDB type by its name. A TIME or INTERVAL is text: it stands on no calendar axis. So is what carries a
 * precision, like `TIMESTAMP(12)`: another engine's time that DuckDB has no type for, held as its text.
 */
export function kindOf(type: string): Kind {
  if (/\]$|^(STRUCT|MAP|UNION|LIST|ARRAY|ROW)\b/i.test(type)) return 'nested';
  if (numbers.test(type)) return 'number';
  if (times.test(type)) return 'time';
  return /^BOOL/i.test(type) ? 'boolean' : 'text';
}

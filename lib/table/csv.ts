import type { RecordBatch, Schema } from 'apache-arrow';
import { columnsOf } from './column.ts';
import { kindOf } from './kind.ts';
import { textReader } from './text.ts';

/*
 * CSV out, RFC 4180: CRLF, quotes where needed, NULL as nothing and '' as "". Text that a spreadsheet would take for a
 * formula gets an apostrophe in front; numbers and times cannot be formulas and stay exact.
 */

/** The header line. */
export function csvHeader(schema: Schema): string {
  return csvLine(
    columnsOf(schema).map((column) => column.name),
    () => true,
  );
}

/** The lines of one batch, each with its CRLF. */
export function csvLines(batch: RecordBatch): string {
  const guarded = columnsOf(batch.schema).map((column) => !['number', 'time', 'boolean'].includes(kindOf(column.type)));
  const readers = batch.data.children.map((data) => textReader(data));
  const lines: string[] = [];
  for (let row = 0; row < batch.numRows; row++)
    lines.push(
      csvLine(
        readers.map((read) => read(row)),
        (index) => guarded[index]!,
      ),
    );
  return lines.join('');
}

/** One line out of texts; `isGuarded` tells which of them came from people. */
export function csvLine(texts: (string | null)[], isGuarded: (index: number) => boolean): string {
  return `${texts.map((text, index) => field(text, isGuarded(index))).join(',')}\r\n`;
}

function field(text: string | null, isGuarded: boolean): string {
  if (text === null) return '';
  const safe = isGuarded && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return safe === '' || /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

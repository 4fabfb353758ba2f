import { Table, tableToIPC } from 'apache-arrow';
import type { ShownResult } from '#components/notebook/use-result.ts';
import { csvHeader, csvLines } from '#lib/table/csv.ts';

/** Saves what is shown as CSV; text that a spreadsheet would run is made harmless by lib/table. */
export function exportCsv(name: string, result: ShownResult): void {
  save(`${fileName(name, result)}.csv`, 'text/csv', [csvHeader(result.schema), ...result.batches.map(csvLines)]);
}

/** Saves what is shown as an Arrow file, exact. */
export function exportArrow(name: string, result: ShownResult): void {
  const bytes = tableToIPC(new Table(result.schema, result.batches), 'file');
  save(`${fileName(name, result)}.arrow`, 'application/vnd.apache.arrow.file', [bytes as BlobPart]);
}

/** What is not the whole of it says so in its name. */
function fileName(name: string, result: ShownResult): string {
  if (result.complete) return name;
  return result.isOfPart ? `${name}-of-a-part` : `${name}-first-${result.rows}-rows`;
}

function save(name: string, type: string, parts: BlobPart[]): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(parts, { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

import { PageError, malformed } from './error.ts';
import { asText, planColumns } from './field.ts';
import type { Pick, TrinoColumn } from './field.ts';
import { closeBracket, comma, openBracket, skipSpace } from './json.ts';
import { pack } from './pack.ts';
import type { PackedBatch } from './pack.ts';
import type { Source } from './source.ts';
import type { Builder } from './column/builder.ts';
import { builderFor } from './column/build.ts';
import { RowReader } from './column/row.ts';
import { ZonedBuilder } from './column/time.ts';

/** A batch ends with so many rows, or with the row that reaches so many bytes of JSON. */
const batchRows = 65_536;
const batchBytes = 3 << 20;

/** The builders of a result's columns, and the batches out of them. After an error it is of no more use. */
export class Gatherer {
  private readonly builders: Builder[];
  private readonly leaves: Builder[] = [];
  private readonly row: RowReader;
  private rows = 0;

  constructor(columns: readonly TrinoColumn[], picks: readonly Pick[]) {
    const plans = planColumns(columns, picks);
    this.builders = plans.map((plan, index) =>
      builderFor(columns[index]!.name, plan, true, (leaf) => this.leaves.push(leaf)),
    );
    this.row = new RowReader(this.builders, 'A row');
  }

  /** Reads `[[…], […]]` at `at`; the last rows are still to be taken. Throws PageError, or Misfitting. */
  read(source: Source, at: number): { end: number; batches: PackedBatch[] } {
    const { bytes } = source;
    const batches: PackedBatch[] = [];
    if (bytes[at] !== openBracket) malformed('rows are missing', at);
    at = skipSpace(bytes, at + 1);
    if (bytes[at] === closeBracket) return { end: at + 1, batches };
    let start = at;
    for (;;) {
      if (bytes[at] !== openBracket) at = rowStart(bytes, at);
      at = this.row.read(source, at);
      if (++this.rows === batchRows || at - start >= batchBytes) {
        batches.push(this.take());
        start = at;
      }
      if (bytes[at] !== comma) {
        at = skipSpace(bytes, at);
        if (bytes[at] === closeBracket) break;
        if (bytes[at] !== comma)
          malformed(at < bytes.length ? 'a comma or an end is missing' : 'it ends too early', at);
      }
      at++;
    }
    return { end: at + 1, batches };
  }

  /** How each leaf was held. */
  picks(): Pick[] {
    return this.leaves.map((leaf) => (leaf instanceof ZonedBuilder ? leaf.pick : leaf.about.plan.pick));
  }

  /** A leaf that no value has settled: times of which each was null. */
  unsettled(): number | null {
    const found = this.leaves.findIndex((leaf) => leaf instanceof ZonedBuilder && leaf.pick === asText);
    return found < 0 ? null : found;
  }

  /** Whether rows were read that no batch has yet. */
  get hasMore(): boolean {
    return this.rows > 0;
  }

  /** A batch of the rows since the one before, in spent memory if that fits. */
  take(spent: ArrayBuffer | null = null): PackedBatch {
    const parts = this.builders.map((builder) => builder.part());
    const packed = pack(this.rows, parts, spent);
    for (const builder of this.builders) builder.reset();
    this.rows = 0;
    return packed;
  }
}

function rowStart(bytes: Uint8Array, at: number): number {
  const place = skipSpace(bytes, at);
  if (bytes[place] === openBracket) return place;
  if (place >= bytes.length) return malformed('it ends too early', place);
  throw new PageError('shape', 'A row is no list of values.', place);
}

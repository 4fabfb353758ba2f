import { expect } from 'vitest';
import { toRows } from '#lib/table/text.ts';
import { PageError } from './error.ts';
import { schemaOf } from './field.ts';
import { unpack } from './pack.ts';
import { readPage } from './page.ts';
import type { Chosen } from './rows.ts';

/* What the tests of pages share: pages made of text, and rows made text again. */

export const encode = (text: string) => new TextEncoder().encode(text);
export const columnsOf = (...types: string[]) => types.map((type, index) => ({ name: `c${index}`, type }));

/** A page of one column, each value as JSON has it. */
export const pageOf = (type: string, ...values: string[]) =>
  `{"columns":${JSON.stringify(columnsOf(type))},"data":[${values.map((value) => `[${value}]`).join(',')}]}`;

/** The texts of the page's rows. */
export function textsOf(page: string, chosen: Chosen | null = null): (string | null)[][] {
  const read = readPage(encode(page), chosen);
  const schema = read.chosen && schemaOf(read.chosen.columns, read.chosen.picks);
  return toRows(read.batches.map((batch) => unpack(schema!, batch)));
}

/** What is wrong with a page; null when nothing is. Any other error than a PageError fails the test. */
export function faultOf(page: string | Uint8Array): PageError | null {
  try {
    readPage(typeof page === 'string' ? encode(page) : page, null);
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(PageError);
    return error as PageError;
  }
}

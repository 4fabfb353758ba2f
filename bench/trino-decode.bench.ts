import { createDecoder } from '#kernels/trino/arrow/decoder.ts';
import type { TrinoColumn } from '#kernels/trino/arrow/field.ts';
import { cpuOf, run } from './frame.ts';

/*
 * T1: a page of Trino to Arrow, exact, against JSON.parse alone of the same bytes, which come from a socket and so are made
 * a string first. What is measured is all of it: the way to the thread and back, scanning, the batches. Three pages: rows like
 * TPC-H's lineitem, mostly numbers, mostly text.
 */

const pages = { lineitem, numbers, texts };
const each = 72;
let failed = false;
for (const [name, make] of Object.entries(pages)) {
  const page = Buffer.from(JSON.stringify(make(12_000)).replaceAll(/"#(-?[\d.Ee+-]+)#"/g, '$1'));
  const decoder = createDecoder();
  const verdict = await run({
    name: `T1-${name}`,
    goal: { atMost: 0.9 },
    note: `${each} pages of ${page.length} bytes`,
    rounds: 9,
    baseline: () => repeat(page, (bytes) => void JSON.parse(Buffer.from(bytes.buffer).toString())),
    candidate: () => {
      const session = decoder.open();
      return repeat(page, (bytes) => session.decode(bytes));
    },
  });
  await decoder.close();
  failed ||= !verdict.pass;
}
process.exitCode = failed ? 1 : 0;

/** The CPU of reading as many pages, each in bytes of its own, as a socket gives them. */
async function repeat(page: Buffer, read: (bytes: Uint8Array) => unknown): Promise<number> {
  const copies = Array.from({ length: each }, () => new Uint8Array(page));
  return cpuOf(async () => {
    for (const bytes of copies) await read(bytes);
  });
}

function pageOf(columns: Record<string, string>, rows: unknown[][]) {
  const described: TrinoColumn[] = Object.entries(columns).map(([name, type]) => ({ name, type }));
  return {
    id: '20260101_000000_00000_bench',
    columns: described,
    data: rows,
    stats: { state: 'RUNNING' },
    warnings: [],
  };
}

/** Numbers that come out the same each time: a linear congruence. */
function* random(seed = 1): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 4_294_967_296;
  }
}

/** A number as Trino writes it, in its own digits. */
function digits(text: string | number): string {
  return `#${text}#`;
}

function lineitem(count: number) {
  const next = random();
  const of = (most: number) => Math.floor(next.next().value * most);
  const pick = (words: string[]) => words[of(words.length)]!;
  const date = () => `199${2 + of(7)}-${two(1 + of(12))}-${two(1 + of(28))}`;
  const columns = {
    orderkey: 'bigint',
    partkey: 'bigint',
    suppkey: 'bigint',
    linenumber: 'integer',
    quantity: 'double',
    extendedprice: 'decimal(12, 2)',
    discount: 'decimal(12, 2)',
    tax: 'decimal(12, 2)',
    returnflag: 'varchar(1)',
    linestatus: 'varchar(1)',
    shipdate: 'date',
    commitdate: 'date',
    receipttime: 'timestamp(6)',
    shipinstruct: 'varchar(25)',
    shipmode: 'varchar(10)',
    comment: 'varchar(44)',
  };
  const rows = Array.from({ length: count }, (_, row) => [
    row >> 2,
    of(200_000),
    of(10_000),
    1 + (row & 3),
    digits(`${1 + of(50)}.0`),
    `${1000 + of(100_000)}.${two(of(100))}`,
    `0.0${of(10)}`,
    `0.0${of(9)}`,
    pick(['A', 'N', 'R']),
    pick(['F', 'O']),
    date(),
    date(),
    `${date()} ${two(of(24))}:${two(of(60))}:${two(of(60))}.${String(of(1e6)).padStart(6, '0')}`,
    pick(['DELIVER IN PERSON', 'COLLECT COD', 'NONE', 'TAKE BACK RETURN']),
    pick(['REG AIR', 'AIR', 'RAIL', 'SHIP', 'TRUCK', 'MAIL', 'FOB']),
    sentence(next, 10 + of(34)),
  ]);
  return pageOf(columns, rows);
}

function numbers(count: number) {
  const next = random(2);
  const types = ['bigint', 'integer', 'double', 'double', 'bigint', 'real', 'decimal(18, 4)', 'smallint'];
  const columns = Object.fromEntries(types.map((type, index) => [`n${index}`, type]));
  const whole = (most: number) => Math.floor((next.next().value - 0.5) * most);
  const rows = Array.from({ length: count * 2 }, () => [
    digits(whole(1e15)),
    whole(4e9),
    digits(javaDouble(next.next().value)),
    digits(javaDouble(whole(1e8) / 100)),
    next.next().value < 0.1 ? null : whole(1e6),
    digits(javaDouble(whole(1e6) / 8)),
    `${whole(1e9)}.${String(1000 + Math.floor(next.next().value * 9000))}`,
    whole(60_000),
  ]);
  return pageOf(columns, rows);
}

function texts(count: number) {
  const next = random(3);
  const columns = { name: 'varchar', path: 'varchar', message: 'varchar', tags: 'array(varchar)', id: 'uuid' };
  const rows = Array.from({ length: count }, (_, row) => [
    sentence(next, 12),
    `/var/log/${row % 97}/${row}.log`,
    `${sentence(next, 60)} "quoted" ünï ${row}`,
    ['alpha', 'beta', sentence(next, 6)],
    `550e8400-e29b-41d4-a716-${String(row).padStart(12, '0')}`,
  ]);
  return pageOf(columns, rows);
}

/** As Java writes a double: a point always, an exponent from 10^7 on. */
function javaDouble(value: number): string {
  if (Math.abs(value) >= 1e7)
    return value
      .toExponential()
      .replace('e+', 'E')
      .replace(/^(-?\d)E/, '$1.0E');
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

function sentence(next: Generator<number, never>, length: number): string {
  const letters = 'etaoinshrdlu etaoin ';
  return Array.from({ length }, () => letters[Math.floor(next.next().value * letters.length)]).join('');
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

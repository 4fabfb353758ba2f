import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasMoreLines, itemsIn, mostLine } from './body.ts';

const read = (bytes: string | Uint8Array) => itemsIn(Buffer.from(bytes as string));

test('lines end with \\n or \\r\\n, the last one need not, and empty ones are none', () => {
  const items = [1, 2, 3].map((event) => ({ event, raw: String(event) }));
  expect(read('\uFEFF1\r\n2\n\n  \n3')).toEqual(items);
  expect(read('1\n2\n3\n')).toEqual(items);
  expect(read('')).toEqual([]);
});

test('a line of exactly the limit is one; a longer one is named and those after it are read', () => {
  const [fits, not] = [mostLine, mostLine + 1].map((length) => `"${'a'.repeat(length - 2)}"`) as [string, string];
  expect(read(`${fits}\r\n${not}\r\n3\n`)).toEqual([
    { event: fits.slice(1, -1), raw: fits },
    { fault: 'The line is longer than 1048576 bytes.', raw: not.slice(0, mostLine) },
    { event: 3, raw: '3' },
  ]);
});

test('a line that is not UTF-8, or no JSON, is named and those after it are read', () => {
  expect(read(Uint8Array.of(0x31, 0xff, 10, 0x32, 10))).toEqual([
    { fault: 'The line is not UTF-8.', raw: '1\uFFFD' },
    { event: 2, raw: '2' },
  ]);
  expect(read('{"a":\n9007199254740993')).toEqual([
    { fault: expect.stringMatching(/^The line is no JSON: /), raw: '{"a":' },
    { event: 9007199254740993n, raw: '9007199254740993' },
  ]);
});

test('more lines than may come are seen, empty ones aside', () => {
  const line = fc.constantFrom('\n', '\r\n', '1\n', '22\r\n', '3');
  fc.assert(
    fc.property(fc.array(line), fc.nat(8), (lines, most) => {
      const text = lines.join('');
      expect(hasMoreLines(Buffer.from(text), most)).toBe(read(text).length > most);
    }),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Lines, type Line } from './lines.ts';

const utf8 = new TextEncoder();

function read(bytes: Uint8Array, pieces: number[], most = 1000): Line[] {
  const lines = new Lines(most);
  const found: Line[] = [];
  let from = 0;
  for (const size of pieces) {
    found.push(...lines.push(bytes.slice(from, from + size)));
    from += size;
  }
  return [...found, ...lines.push(bytes.slice(from)), ...lines.finish()];
}

test('lines end with \\n or \\r\\n, the last one need not, and empty ones are none', () => {
  expect(read(utf8.encode('\uFEFFa\r\nb\n\n  \nc'), [])).toEqual([{ text: 'a' }, { text: 'b' }, { text: 'c' }]);
  expect(read(utf8.encode(''), [])).toEqual([]);
});

test('how a body was cut into pieces changes nothing', () => {
  const piece = fc.oneof(fc.constantFrom('\n', '\r\n', 'ü€😀', '{"a":1}', 'x'.repeat(30)), fc.string());
  fc.assert(
    fc.property(fc.array(piece), fc.array(fc.nat(9)), fc.integer({ min: 1, max: 40 }), (texts, pieces, most) => {
      const bytes = utf8.encode(texts.join(''));
      expect(read(bytes, pieces, most)).toEqual(read(bytes, [], most));
    }),
  );
});

test('a line of exactly the limit is one; a longer one is named and those after it are read', () => {
  const text = `${'a'.repeat(10)}\n${'b'.repeat(11)}\r\nc\n`;
  for (const pieces of [[], [1, 3, 9, 2, 1], [25]])
    expect(read(utf8.encode(text), pieces, 10)).toEqual([
      { text: 'a'.repeat(10) },
      { text: 'b'.repeat(10), fault: 'too-long' },
      { text: 'c' },
    ]);
});

test('a line that is not UTF-8 is named and those after it are read', () => {
  const bytes = Uint8Array.of(0x61, 0xff, 10, 0x62, 10);
  expect(read(bytes, [1, 1])).toEqual([{ text: 'a\uFFFD', fault: 'not-utf8' }, { text: 'b' }]);
});

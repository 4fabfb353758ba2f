import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { batches } from './push.mjs';

interface Batch {
  body: Buffer;
  key: string;
  at: number;
  lines: number;
}

async function cut(text: string, pieces: number[], options: Record<string, unknown>): Promise<Batch[]> {
  const bytes = Buffer.from(text);
  const parts: Buffer[] = [];
  let from = 0;
  for (const size of [...pieces, bytes.length]) {
    if (from < bytes.length) parts.push(bytes.subarray(from, from + size));
    from += size;
  }
  const found: Batch[] = [];
  for await (const batch of batches(Readable.from(parts), options) as AsyncIterable<Batch>) found.push(batch);
  return found;
}

const lines = fc
  .array(fc.oneof(fc.string(), fc.constantFrom('', '{"a":1}', 'x'.repeat(50))))
  .map((all) => all.join('\n'));

test('batches hold every byte in order, whole lines, and do not depend on the pieces', () =>
  fc.assert(
    fc.asyncProperty(
      lines,
      fc.array(fc.integer({ min: 1, max: 9 })),
      fc.integer({ min: 1, max: 60 }),
      async (text, pieces, bytes) => {
        const whole = await cut(text, [], { bytes });
        expect(Buffer.concat(whole.map(({ body }) => body)).toString()).toBe(Buffer.from(text).toString());
        for (const { body } of whole.slice(0, -1)) expect(body.at(-1)).toBe(10);
        for (const { body, lines } of whole) expect(body.length <= bytes || lines === 1).toBe(true);
        expect(await cut(text, pieces, { bytes })).toEqual(whole);
      },
    ),
  ));

test('equal batches at different places have different keys, and a label makes all of them new', async () => {
  const keys = (await cut('a\na\na\n', [], { bytes: 2 })).map(({ key }) => key);
  expect(new Set(keys).size).toBe(3);
  const others = (await cut('a\na\na\n', [], { bytes: 2, label: 'again' })).map(({ key }) => key);
  expect(new Set([...keys, ...others]).size).toBe(6);
  for (const key of keys) expect(key).toMatch(/^\d+-[0-9a-f]{40}$/);
});

test('what a pausing input said is sent, but not the half of a line', async () => {
  let finish = () => undefined as void;
  const paused = new Promise<void>((resolve) => (finish = resolve));
  async function* input() {
    yield Buffer.from('a\nb');
    await paused;
    yield Buffer.from('c\n');
  }
  const found: string[] = [];
  for await (const { body } of batches(input(), { every: 1 }) as AsyncIterable<Batch>) {
    found.push(body.toString());
    finish();
  }
  expect(found).toEqual(['a\n', 'bc\n']);
});

test('a line without end is refused', async () => {
  await expect(cut('x'.repeat(17 * 2 ** 20), [], { bytes: 10 })).rejects.toThrow(/longer than any stream takes/);
});

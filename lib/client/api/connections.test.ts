import { describe, expect, it } from 'vitest';
import { linesOf } from './connections.ts';

function bodyOf(...chunks: string[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(encoder.encode(chunk));
      controller.close();
    },
  });
}

async function linesIn(...chunks: string[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(bodyOf(...chunks))) lines.push(line);
  return lines;
}

describe('lines of a body', () => {
  it('are whole however the bytes were cut', async () => {
    expect(await linesIn('{"a"', ':1}\n{"b":2}', '\n\n{"c":3}')).toEqual(['{"a":1}', '{"b":2}', '{"c":3}']);
  });

  it('none of an empty body', async () => expect(await linesIn()).toEqual([]));
});

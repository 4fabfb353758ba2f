import { describe, expect, test } from 'vitest';
import { candidatesOf, ownWords, placeOf, toFailure, withoutPaths } from './failure.ts';

const same = <T>(place: T) => place;

describe('DuckDB’s error text', () => {
  test.each([
    ['Parser Error: syntax error at or near "n"', 'syntax'],
    ['Failed to extract statements: Parser Error: syntax error at end of input', 'syntax'],
    ['Catalog Error: Table with name carz does not exist!\nDid you mean "cars"?', 'unknown-name'],
    ['Binder Error: Referenced column "foo" not found in FROM clause!\nCandidate bindings: "range"', 'unknown-name'],
    ['Binder Error: Table "cars" does not have a column named "b"', 'unknown-name'],
    ['Binder Error: No function matches the given name and argument types', 'syntax'],
    ["Conversion Error: Could not convert string 'x' to INT32", 'runtime'],
    ['Out of Memory Error: failed to allocate data of size 1.0 GiB', 'memory'],
    ['Permission Error: File system LocalFileSystem has been disabled', 'refused'],
    ['INTERRUPT Error: Interrupted!', 'cancelled'],
    ['Not implemented Error: not yet', 'unsupported'],
    ['anything else', 'runtime'],
  ])('%s is %s', (detail, code) => {
    expect(toFailure(detail, '', same).code).toBe(code);
  });

  test('the message is the first sentence without the engine’s prefix', () => {
    const { message } = toFailure('Conversion Error: Could not convert\n\nLINE 1: x\n        ^', 'x', same);
    expect(message).toBe('Could not convert');
  });

  test('candidates become a hint', () => {
    const detail =
      'Binder Error: Referenced column "colx" not found in FROM clause!\nCandidate bindings: "colx2", "coly"';
    expect(candidatesOf(detail)).toEqual(['colx2', 'coly']);
    expect(toFailure(detail, '', same).hint).toBe('Did you mean colx2, coly?');
  });

  test('tables of the engine itself are not proposed', () => {
    const detail = 'Catalog Error: Table with name weather does not exist!\nDid you mean "pg_attrdef"?';
    expect(toFailure(detail, '', same).hint).toBeUndefined();
  });
});

describe('where it points', () => {
  test('the caret under the line', () => {
    const text = 'SELECT 1 AS n\nFROM range(3) WHER n > 1';
    const detail = `Parser Error: syntax error at or near "n"\n\nLINE 2: FROM range(3) WHER n > 1\n                           ^`;
    expect(placeOf(detail, text)).toEqual({ line: 2, column: 20, length: 1 });
  });

  test('a line the engine cut at both ends', () => {
    const line = `  '${'a'.repeat(100)}', foo, '${'b'.repeat(60)}' from range(3)`;
    const from = line.indexOf('foo') - 61;
    const excerpt = `...${line.slice(from, from + 110)}...`;
    const caret = ' '.repeat('LINE 2: '.length + excerpt.indexOf('foo'));
    const place = placeOf(`Binder Error: no\n\nLINE 2: ${excerpt}\n${caret}^`, `SELECT 1,\n${line}`);
    expect(place).toEqual({ line: 2, column: line.indexOf('foo') + 1, length: 3 });
  });

  test('the length is that of the word there', () => {
    const detail = `Catalog Error: x\n\nLINE 1: select * from carz\n                      ^`;
    expect(placeOf(detail, 'select * from carz')).toEqual({ line: 1, column: 15, length: 4 });
  });

  test('nowhere, when there is no caret or no such line', () => {
    expect(placeOf('Conversion Error: no place', 'SELECT 1')).toBeNull();
    expect(placeOf('x\n\nLINE 9: y\n        ^', 'SELECT 1')).toBeNull();
  });

  test('is given in the text people wrote', () => {
    const detail = 'Parser Error: x\n\nLINE 1: ab\n         ^';
    expect(toFailure(detail, 'ab', ({ line, column }) => ({ line: line + 4, column: column + 1 })).position).toEqual({
      line: 5,
      column: 3,
    });
  });
});

describe('where this server keeps its files is told to nobody', () => {
  test.each([
    [
      'IO Error: Cannot open file "/srv/my data/warehouse/files/ab/cd.parquet": No such file or directory',
      'IO Error: Cannot open file "cd.parquet": No such file or directory',
    ],
    ['IO Error: Could not write to /var/tmp/x/y.tmp.', 'IO Error: Could not write to y.tmp.'],
    [
      "ENOENT: no such file or directory, open '/srv/d/streams/s1/0-a.log'",
      "ENOENT: no such file or directory, open '0-a.log'",
    ],
    [
      'Invalid Input Error: No magic bytes found at end of file "/srv/d/streams/s1/0000-a.parquet"',
      'Invalid Input Error: No magic bytes found at end of file "0000-a.parquet"',
    ],
    [
      'Invalid Input Error: Malformed JSON in file /srv/d/streams/s1/chunk-0-9.ndjson, at byte 3',
      'Invalid Input Error: Malformed JSON in file chunk-0-9.ndjson, at byte 3',
    ],
  ])('%s', (said, expected) => {
    expect(withoutPaths(said)).toBe(expected);
    const { message, detail } = toFailure(said, '', same);
    expect(`${message} ${detail}`).not.toMatch(/srv|var/);
  });

  test.each([
    "Conversion Error: Could not convert string '/shop/streams/new' to INT32",
    'Permission Error: Cannot access file "/etc/passwd" - file system operations are disabled by configuration',
    "Binder Error: no\n\nLINE 1: SELECT '/srv/warehouse/files/a.parquet'\n               ^",
    'Parser Error: syntax error at or near "/"',
  ])('what people wrote stays: %s', (said) => {
    expect(withoutPaths(said)).toBe(said);
  });

  test('a statement of ours is not shown, as it names files', () => {
    const said = `IO Error: No "/srv/a.parquet"\n\nLINE 1: FROM read_parquet(['/srv/a.parquet'])\n             ^`;
    expect(ownWords(new Error(said))).toBe('IO Error: No "a.parquet"');
  });
});

import { expect, test } from 'vitest';
import { safePath } from './place.ts';

test('a path of this site is kept whole', () => {
  expect(safePath('/notebooks/n1?cell=c2#line-3')).toBe('/notebooks/n1?cell=c2#line-3');
  expect(safePath('/')).toBe('/');
});

test('what could lead elsewhere is no path', () => {
  for (const given of [
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/a\\..\\b',
    '/\t/evil.example',
    '/.//evil.example',
    'projects',
    '',
    null,
    undefined,
  ]) {
    expect(safePath(given), String(given)).toBeNull();
  }
});

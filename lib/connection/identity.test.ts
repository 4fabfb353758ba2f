import { describe, expect, test } from 'vitest';
import { sharedUsers, trinoUser, type Mapped } from './identity.ts';

const rule = (more: Partial<Omit<Mapped, 'kind' | 'account'>> = {}): Mapped => ({
  kind: 'none',
  becomes: 'local-part',
  exceptions: {},
  ...more,
});

describe('a person becomes', () => {
  test('what stands before the @, in lower case', () => {
    expect(trinoUser(rule(), 'Mei.Lin@Shop.example')).toBe('mei.lin');
  });

  test('the whole address, in lower case', () => {
    expect(trinoUser(rule({ becomes: 'email' }), ' Mei@Shop.example ')).toBe('mei@shop.example');
  });

  test('what an exception says, however the address is written, and as it says it', () => {
    const exceptions = { 'MEI@shop.example': 'Mei_DE' };
    expect(trinoUser(rule({ exceptions }), 'mei@Shop.example')).toBe('Mei_DE');
    expect(trinoUser(rule({ becomes: 'email', exceptions }), 'ana@shop.example')).toBe('ana@shop.example');
  });

  test('nothing of an inherited property', () => {
    expect(trinoUser(rule({ becomes: 'email' }), 'constructor')).toBe('constructor');
  });

  test('what stands before the last @ of a quoted address', () => {
    expect(trinoUser(rule(), '"a@b"@shop.example')).toBe('"a@b"');
    expect(trinoUser(rule(), 'nobody')).toBe('');
  });
});

describe('one user of two people', () => {
  test('is told for each of them', () => {
    const emails = ['ana@a.example', 'Ana@b.example', 'mei@a.example'];
    expect(sharedUsers(rule(), emails)).toEqual(new Set(['ana@a.example', 'ana@b.example']));
    expect(sharedUsers(rule({ becomes: 'email' }), emails)).toEqual(new Set());
  });

  test('not where an exception says it', () => {
    const exceptions = { 'lead@a.example': 'mei', 'ana@b.example': 'ana_b' };
    const emails = ['lead@a.example', 'mei@a.example', 'ana@a.example', 'ana@b.example'];
    expect(sharedUsers(rule({ exceptions }), emails)).toEqual(new Set());
  });

  test('not for the same person twice', () => {
    expect(sharedUsers(rule(), ['ana@a.example', 'ANA@a.example'])).toEqual(new Set());
  });
});

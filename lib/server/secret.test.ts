import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SealBroken, seal, unseal, type Place } from './secret.ts';

const secrets = { box: randomBytes(32).toString('hex') };
const place: Place = { purpose: 'connection', id: 'row', use: 'https://trino.example' };
const password = 'correct horse battery';

test('any text opens in its place', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => unseal(secrets, place, seal(secrets, place, text)) === text),
  );
});

test('the text does not show, and no two seals are alike', () => {
  const [one, other] = [seal(secrets, place, password), seal(secrets, place, password)];
  expect(one).not.toBe(other);
  expect(Buffer.from(one.slice(3), 'base64url').includes(password)).toBe(false);
});

test.each<[string, Place]>([
  ['another row', { ...place, id: 'other' }],
  ['another purpose', { ...place, purpose: 'credential' }],
  ['another address', { ...place, use: 'https://eve.example' }],
  ['an address in the row’s place', { purpose: 'connection', id: 'rowhttps://trino.example' }],
])('moved to %s it does not open', (_, moved) => {
  expect(() => unseal(secrets, moved, seal(secrets, place, password))).toThrow(SealBroken);
});

test('changed in any bit it does not open, and says nothing of what was in it', () => {
  const sealed = Buffer.from(seal(secrets, place, password).slice(3), 'base64url');
  for (let index = 0; index < sealed.length; index++) {
    const changed = Buffer.from(sealed);
    changed[index]! ^= 1;
    expect(() => unseal(secrets, place, `s1.${changed.toString('base64url')}`)).toThrow(SealBroken);
  }
});

test.each(['', 's1.', 's1.AAAA', 'plain', 's2.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'])('%j is no seal', (text) => {
  expect(() => unseal(secrets, place, text)).toThrow(SealBroken);
});

test('another installation’s key does not open it', () => {
  const sealed = seal(secrets, place, password);
  expect(() => unseal({ box: randomBytes(32).toString('hex') }, place, sealed)).toThrow(SealBroken);
});

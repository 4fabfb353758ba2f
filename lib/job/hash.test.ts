import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, specHash } from './hash.ts';
import { PromotionSpec } from './spec.ts';

const spec = PromotionSpec.parse({
  target: 'daily_revenue',
  steps: [{ name: 'daily_revenue', engine: 'warehouse', sql: 'select 1' }],
  parameters: { country: { type: 'text', value: 'DE' } },
  windowAs: 'date',
  window: { unit: 'day' },
  schedule: '30 2 * * *',
  timeZone: 'Europe/Berlin',
  checks: [],
});

describe('canonical', () => {
  it('does not depend on the order of keys', () => {
    expect(canonical({ b: 1, a: { d: 2, c: [3, { f: 4, e: 5 }] } })).toBe('{"a":{"c":[3,{"e":5,"f":4}],"d":2},"b":1}');
  });

  it('leaves out what is undefined and keeps what is null', () => {
    expect(canonical({ a: undefined, b: null })).toBe('{"b":null}');
  });

  it('is read back as what it was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('specHash', () => {
  it('is the SHA-256 of the canonical text', async () => {
    expect(await specHash(spec)).toBe(createHash('sha256').update(canonical(spec)).digest('hex'));
  });

  it('survives a way through the database', async () => {
    const back = PromotionSpec.parse(Object.fromEntries(Object.entries(JSON.parse(JSON.stringify(spec))).reverse()));
    expect(await specHash(back)).toBe(await specHash(spec));
  });

  it.each([
    { ...spec, schedule: '31 2 * * *' },
    { ...spec, timeZone: 'UTC' },
    { ...spec, steps: [{ ...spec.steps[0], sql: 'select 1 ' }] },
    { ...spec, parameters: { country: { type: 'text', value: 'FR' } } },
    { ...spec, checks: [{ type: 'rows', min: 1 }] },
  ])('changes with any edit %#', async (edited) => {
    expect(await specHash(edited as PromotionSpec)).not.toBe(await specHash(spec));
  });
});

import { describe, expect, it } from 'vitest';
import { toDays, toForm, toSettings, wrongIn } from './settings-form.ts';

const settings = {
  description: 'One event a visit',
  retention: { days: 7, bytes: 2_000_000_000 },
  deduplication: 3600,
  idle: 60,
  ahead: 600,
};

describe('the settings of a stream', () => {
  it('are the same after they were written and read', () => {
    expect(toSettings(toForm(settings))).toEqual(settings);
    const everything = { ...settings, retention: { days: null, bytes: null } };
    expect(toSettings(toForm(everything))).toEqual(everything);
  });

  it('what cannot be kept says so', () => {
    expect(wrongIn(toForm(settings))).toEqual({});
    const wrong = wrongIn({
      ...toForm(settings),
      days: '-1',
      gigabytes: 'much',
      deduplication: '1.5',
      idle: '0',
      ahead: '',
    });
    expect(Object.keys(wrong)).toEqual(['days', 'gigabytes', 'deduplication', 'idle', 'ahead']);
  });

  it('days may be parts, and nothing is everything', () => {
    expect(['0.5', '', ' ', '0', 'x'].map(toDays)).toEqual([0.5, null, null, 'wrong', 'wrong']);
  });
});

import { describe, expect, test } from 'vitest';
import { faultOf, pageOf, textsOf } from '#kernels/trino/arrow/testing.ts';

describe('text', () => {
  const cases: [json: string, text: string][] = [
    ['"\\u0041\\u00e9\\u20ac\\ud83e\\udd86"', 'Aé€🦆'],
    ['"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\/\b\f\n\r\t'],
    [`"${'x'.repeat(5000)}\\n"`, `${'x'.repeat(5000)}\n`],
    [`"${'é'.repeat(300)}"`, 'é'.repeat(300)],
    ['""', ''],
    ['"\\u0000"', '\0'],
  ];
  test.each(cases)('%s', (json, text) => expect(textsOf(pageOf('varchar', json, json))).toEqual([[text], [text]]));

  test('of any length next to any other is whole', () => {
    const texts = Array.from({ length: 400 }, (_, length) =>
      'aé"\\\n🦆'.repeat(length).slice(0, length).toWellFormed(),
    );
    const values = texts.map((each) => JSON.stringify(each));
    expect(textsOf(pageOf('varchar', ...values))).toEqual(texts.map((each) => [each]));
    expect(textsOf(pageOf('array(varchar)', `[${values.join()}]`))).toHaveLength(1);
  });

  test.each(['"\\ud83e"', '"\\udd86"', '"\\ud83e\\u0041"'])('%s is half a character', (json) => {
    expect(faultOf(pageOf('varchar', json))).toMatchObject({ fault: 'value' });
  });
  test.each(['"\\x"', '"\\u00g0"', '"\n"', '"abc', '"\\', '"\\u12"'])('%s is no JSON', (json) => {
    expect(faultOf(pageOf('varchar', json))).toMatchObject({ fault: 'malformed' });
  });
});

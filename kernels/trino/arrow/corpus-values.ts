import { exactly, numerically, type Expressions } from './same.ts';

/** Numbers, texts and bytes at their edges. */
export const values: Expressions[] = [
  ['BOOLEAN', exactly, ['true', 'false']],
  ['TINYINT', exactly, [`TINYINT '-128'`, `TINYINT '127'`, `TINYINT '0'`]],
  ['SMALLINT', exactly, [`SMALLINT '-32768'`, `SMALLINT '32767'`]],
  ['INTEGER', exactly, [`INTEGER '-2147483648'`, `INTEGER '2147483647'`]],
  [
    'BIGINT',
    exactly,
    [
      '-9223372036854775808',
      '9223372036854775807',
      '9007199254740993',
      '-9007199254740993',
      '999999999',
      '1000000000',
      '-1',
      '0',
      '123456789012345',
      '9000000000000001',
    ].map((digits) => `BIGINT '${digits}'`),
  ],
  [
    'FLOAT',
    numerically,
    ['0.1', '3.4028235E38', '-3.4028235E38', '1.4E-45', '-0.0', '16777217', '1.1754944E-38', '1e10', '0.33333334']
      .map((digits) => `REAL '${digits}'`)
      .concat('CAST(nan() AS real)', 'CAST(infinity() AS real)', 'CAST(-infinity() AS real)'),
  ],
  [
    'DOUBLE',
    numerically,
    [
      '0.1',
      '1.7976931348623157E308',
      '4.9E-324',
      '2.2250738585072014E-308',
      '-0.0',
      '123456789.123456789',
      '1e15',
      '1e16',
      '1e22',
      '1e23',
      '9007199254740993',
      '0.3',
      '2.5',
      '-1e-7',
      '8.41470984807896506e-1',
    ]
      .map((digits) => `DOUBLE '${digits}'`)
      .concat('nan()', 'infinity()', '-infinity()'),
  ],
  [
    'DECIMAL(4,2)',
    exactly,
    ['99.99', '-99.99', '0.05', '-0.01', '0.00'].map((digits) => `CAST(DECIMAL '${digits}' AS decimal(4,2))`),
  ],
  [
    'DECIMAL(18,9)',
    exactly,
    [`CAST(DECIMAL '999999999.999999999' AS decimal(18,9))`, `CAST(DECIMAL '-0.000000001' AS decimal(18,9))`],
  ],
  ['DECIMAL(2,2)', exactly, [`CAST(DECIMAL '-0.05' AS decimal(2,2))`]],
  [
    'DECIMAL(38,0)',
    exactly,
    [`DECIMAL '99999999999999999999999999999999999999'`, `DECIMAL '-99999999999999999999999999999999999999'`],
  ],
  [
    'DECIMAL(38,10)',
    exactly,
    [`DECIMAL '1234567890123456789012345678.0123456789'`, `CAST(DECIMAL '-0.0000000001' AS decimal(38,10))`],
  ],
  [
    'DECIMAL(38,38)',
    exactly,
    [
      `CAST(DECIMAL '0.00000000000000000000000000000000000001' AS decimal(38,38))`,
      `CAST(DECIMAL '-0.99999999999999999999999999999999999999' AS decimal(38,38))`,
    ],
  ],
  [
    'VARCHAR',
    exactly,
    [
      `CAST('' AS varchar)`,
      `'a'`,
      `'é ''x'' "y" \\ /'`,
      `CAST('🦆 ünïcödé' AS varchar(40))`,
      `U&'\\0000\\0001\\001f\\007f\\2028\\+01F600'`,
      `'${'long '.repeat(200)}'`,
      `' '`,
      `chr(9) || chr(10) || chr(13) || chr(8) || chr(12)`,
      `'NULL'`,
      `'=1+1'`,
      `chr(8238) || 'x'`,
    ],
  ],
  ['CHAR(5)', exactly, [`CAST('a' AS char(5))`, `CAST('' AS char(5))`, `CAST('ü''b' AS char(5))`]],
  ['BLOB', ['', '\\x00\\xFF\\x80', 'abc', 'abcd\\x22\\x5C'], [`X''`, `X'00FF80'`, `X'616263'`, `X'61626364225C'`]],
];

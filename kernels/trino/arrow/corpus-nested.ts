import { exactly, type Expressions } from './same.ts';

/** What has parts, and types of few. */
export const nested: Expressions[] = [
  ['UUID', exactly, [`UUID '550e8400-e29b-41d4-a716-446655440000'`, `UUID 'ffffffff-ffff-ffff-ffff-ffffffffffff'`]],
  ['IPADDRESS', exactly, [`IPADDRESS '10.0.0.1'`, `IPADDRESS '2001:db8::1'`, `IPADDRESS '::'`]],
  ['INTEGER[]', ['[1, NULL, 3]', '[]'], ['ARRAY[1, NULL, 3]', 'CAST(ARRAY[] AS array(integer))']],
  ['VARCHAR[]', [`[a, '', NULL, 'a, b', 'NULL']`], [`ARRAY['a', '', NULL, 'a, b', 'NULL']`]],
  [
    'DECIMAL(38,2)[][]',
    ['[[1.00], NULL, []]'],
    [`CAST(ARRAY[ARRAY[1], NULL, ARRAY[]] AS array(array(decimal(38,2))))`],
  ],
  [
    'TIMESTAMP_NS[]',
    [`['2020-01-01 00:00:00.000000001', NULL]`],
    [`ARRAY[TIMESTAMP '2020-01-01 00:00:00.000000001', NULL]`],
  ],
  [
    'TIMESTAMP(12)[]',
    [`['2020-01-01 00:00:00.000000000001']`],
    [`ARRAY[TIMESTAMP '2020-01-01 00:00:00.000000000001']`],
  ],
  [
    'UUID[]',
    ['[550e8400-e29b-41d4-a716-446655440000, NULL]'],
    [`ARRAY[UUID '550e8400-e29b-41d4-a716-446655440000', NULL]`],
  ],
  [
    'MAP(VARCHAR, INTEGER)',
    ['{a=1, b=NULL}', '{}'],
    [`MAP(ARRAY['a', 'b'], ARRAY[1, NULL])`, `CAST(MAP() AS map(varchar, integer))`],
  ],
  [
    'MAP(DOUBLE, FLOAT)',
    ['{1.5=nan, -inf=0.1}'],
    [`CAST(MAP(ARRAY[1.5e0, -infinity()], ARRAY[nan(), REAL '0.1']) AS map(double, real))`],
  ],
  [
    'MAP(BIGINT, BOOLEAN[])',
    ['{-9007199254740993=[true, NULL]}'],
    [`MAP(ARRAY[BIGINT '-9007199254740993'], ARRAY[ARRAY[true, NULL]])`],
  ],
  ['MAP(BOOLEAN, DATE)', ['{true=2020-01-01}'], [`MAP(ARRAY[true], ARRAY[DATE '2020-01-01'])`]],
  ['MAP(DECIMAL(5,2), BLOB)', ['{1.50=\\xFF}'], [`MAP(ARRAY[CAST(1.5 AS decimal(5,2))], ARRAY[X'FF'])`]],
  [
    'MAP(TIMESTAMP, JSON)',
    [`{'2020-01-01 00:00:00'='{"a":1}'}`],
    [`MAP(ARRAY[TIMESTAMP '2020-01-01 00:00:00'], ARRAY[JSON '{"a":1}'])`],
  ],
  ['STRUCT(field0 INTEGER, field1 VARCHAR)', [`{'field0': 1, 'field1': x}`], [`ROW(1, 'x')`]],
  [
    'STRUCT("b c" BIGINT, "a""q" VARCHAR, select DECIMAL(10,2))',
    [`{'b c': 1, 'a"q': NULL, 'select': 2.50}`].map((text) => text),
    [`CAST(ROW(1, NULL, 2.5) AS ROW("b c" bigint, "a""q" varchar, "select" decimal(10,2)))`],
  ],
  [
    'STRUCT(a BIGINT, A_1 BIGINT, a_2 VARCHAR)',
    [`{'a': 1, 'A_1': 2, 'a_2': x}`],
    [`CAST(ROW(1, 2, 'x') AS ROW(a bigint, "A" bigint, a varchar))`],
  ],
  [
    'STRUCT(x STRUCT(y DATE[]), time TIME)',
    [`{'x': {'y': [2020-01-01]}, 'time': '12:00:00'}`, 'NULL'],
    [`CAST(ROW(ROW(ARRAY[DATE '2020-01-01']), TIME '12:00:00') AS ROW(x ROW(y array(date)), "time" time(0)))`],
  ],
  ['"NULL"', ['NULL'], ['NULL']],
  ['HyperLogLog', [], ['(SELECT approx_set(1))']],
  ['tdigest', [], ['(SELECT tdigest_agg(1e0))']],
  ['qdigest(bigint)', [], ['(SELECT qdigest_agg(1))']],
  ['Geometry', ['POINT (1 2)'], ['ST_Point(1, 2)']],
  ['SphericalGeography', ['POINT (1 2)'], ['to_spherical_geography(ST_Point(1, 2))']],
];

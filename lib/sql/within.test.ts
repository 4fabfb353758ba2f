import { expect, it } from 'vitest';
import { withinWindow } from './within.ts';

const rows = '(SELECT * FROM visits WHERE time >= {{window_start}} AND time < {{window_end}})';

it.each([
  ['SELECT count(*) FROM visits', `SELECT count(*) FROM ${rows} AS visits`],
  ['SELECT v.a FROM visits v WHERE v.b', `SELECT v.a FROM ${rows} v WHERE v.b`],
  ['SELECT v.a FROM Visits AS v', `SELECT v.a FROM ${rows} AS v`],
  ['SELECT 1 FROM visits WHERE a', `SELECT 1 FROM ${rows} AS visits WHERE a`],
  ['SELECT 1 FROM "visits"', `SELECT 1 FROM ${rows} AS visits`],
  ['FROM shops JOIN visits USING (shop)', `FROM shops JOIN ${rows} AS visits USING (shop)`],
  ["SELECT 'from visits' -- from visits\nFROM visits", `SELECT 'from visits' -- from visits\nFROM ${rows} AS visits`],
])('%s', (source, narrowed) => expect(withinWindow(source, 'visits', 'time')).toBe(narrowed));

it.each([
  'SELECT visits FROM shops',
  'SELECT 1 FROM lake.visits',
  'SELECT 1 FROM visits_old',
  'SELECT 1 FROM a, visits',
])('leaves alone: %s', (source) => expect(withinWindow(source, 'visits', 'time')).toBeNull());

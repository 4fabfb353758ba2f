import fc from 'fast-check';
import { Agent } from 'undici';
import { expect, it } from 'vitest';
import { exact, headersOf, label } from './headers.ts';
import type { TrinoTarget } from './target.ts';

const target: TrinoTarget = {
  url: 'https://trino.example',
  dispatcher: new Agent(),
  authorization: 'Basic eA==',
  user: 'ann@example.org',
  catalog: '',
  schema: '',
  session: { query_max_run_time: '1h', 'iceberg.x': 'a,b=c' },
  source: 'lodestar',
  clientTags: ['notebook:1', 'a,b'],
  clientInfo: 'Übersicht\r\nX-Evil: 1',
  traceToken: 'cell-1',
};

it('says who asks, from where, and what for', () => {
  const headers = headersOf(target, { transaction: 'NONE', spooling: true });
  expect(headers).toMatchObject({
    'x-trino-user': 'ann@example.org',
    authorization: 'Basic eA==',
    'x-trino-session': 'query_max_run_time=1h,iceberg.x=a%2Cb%3Dc',
    'x-trino-client-tags': 'notebook:1,a%2Cb',
    'x-trino-client-info': '%C3%9Cbersicht%0D%0AX-Evil: 1',
    'x-trino-client-capabilities': 'PARAMETRIC_DATETIME',
    'x-trino-query-data-encoding': 'json+zstd,json',
    'x-trino-time-zone': 'UTC',
  });
  expect(headers).not.toHaveProperty('x-trino-catalog');
  expect(headersOf(target, { transaction: 'NONE', spooling: false })).not.toHaveProperty('x-trino-query-data-encoding');
});

it('a label never leaves its header, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(label(text)).toMatch(/^[\x20-\x7e]*$/);
      expect(() => new Headers({ a: label(text) })).not.toThrow();
    }),
  );
});

it('a name that decides who someone is goes as it is or not at all', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      try {
        expect(exact(text)).toBe(text);
        expect(text).toMatch(/^[\x20-\x7e]*$/);
      } catch (error) {
        expect(error).toHaveProperty('error.code', 'refused');
      }
    }),
  );
  expect(() => exact('zoë')).toThrow();
  expect(() => exact('ann\r\nX-Trino-User: root')).toThrow();
  expect(() => exact(' ann')).toThrow();
});

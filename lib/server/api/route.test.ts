import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Operation } from './operation.ts';
import { route } from './route.ts';

const make = (method: Operation['method'], path: string): Operation => ({
  method,
  path,
  summary: '',
  answer: z.null(),
  run: async () => null,
});
const operations = [
  make('GET', '/api/jobs/{id}'),
  make('DELETE', '/api/jobs/{id}'),
  make('GET', '/api/jobs/recent'),
  make('POST', '/api/jobs/{id}/runs'),
];

const pathOf = (method: string, path: string) => {
  const found = route(operations, method, path);
  return found.kind === 'operation' ? found.operation.path : found;
};

test('a parameter is read and decoded', () => {
  expect(route(operations, 'GET', '/api/jobs/a%2Fb')).toMatchObject({ kind: 'operation', params: { id: 'a/b' } });
});

test('a literal segment wins over a parameter', () => {
  expect(pathOf('GET', '/api/jobs/recent')).toBe('/api/jobs/recent');
});

test('a method only the parameter path has is found there', () => {
  expect(pathOf('DELETE', '/api/jobs/recent')).toBe('/api/jobs/{id}');
});

test('HEAD is GET', () => {
  expect(pathOf('HEAD', '/api/jobs/1')).toBe('/api/jobs/{id}');
});

test('a wrong method names the right ones', () => {
  expect(pathOf('PUT', '/api/jobs/1')).toEqual({ kind: 'method', allowed: ['DELETE', 'GET'] });
});

test.each(['/api/jobs', '/api/jobs/', '/api/jobs/1/runs/', '/api/jobs/%', '/API/jobs/1', '/api/jobs/1/2/3'])(
  '%s leads nowhere',
  (path) => {
    expect(pathOf('GET', path)).toEqual({ kind: 'nowhere' });
  },
);

import { z } from 'zod';
import { version } from '#lib/server/version.ts';
import { toOpenApi } from './openapi.ts';
import { operation, type Operation } from './operation.ts';

/** The operation that describes all operations, itself included. */
export function describing(all: () => Operation[]) {
  return operation({
    method: 'GET',
    path: '/api/openapi.json',
    summary: 'This description.',
    auth: 'none',
    answer: z.record(z.string(), z.unknown()),
    run: async () => toOpenApi(all(), version),
  });
}

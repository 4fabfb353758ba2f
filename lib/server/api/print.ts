import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { version } from '#lib/server/version.ts';
import { toOpenApi } from './openapi.ts';
import { operations } from './operations.ts';

/** `npm run openapi`: writes the description of the surface where people read it, or into the file given. */
const file = process.argv[2] ?? join(import.meta.dirname, '../../../docs/openapi.json');
await writeFile(file, `${JSON.stringify(toOpenApi(operations, version), null, 2)}\n`);

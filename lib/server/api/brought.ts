import { z } from 'zod';
import type { Relation } from '#kernels/kernel.ts';
import { FrameError, decodeFrames } from '#kernels/frame.ts';
import { broughtKinds, maxBroughtBytes } from '#kernels/remote.ts';
import { CellName } from '#lib/notebook/cell.ts';
import { Query } from '#lib/server/data/query.ts';
import { Problem, badRequest } from '#lib/server/problem.ts';

const Asked = Query.extend({ tables: z.array(CellName).max(64) });

/** A query with the tables that came along, from a body of frames (kernels/remote.ts writes it). */
export async function brought(request: Request): Promise<Brought> {
  try {
    return await read(request);
  } catch (error) {
    if (error instanceof FrameError || error instanceof SyntaxError)
      throw badRequest(`The body is broken: ${error.message}`);
    throw error;
  }
}

interface Brought {
  query: Query;
  tables: Record<string, Relation>;
}

async function read(request: Request): Promise<Brought> {
  const frames = decodeFrames(limited(request), maxBroughtBytes);
  const first = await frames.next();
  if (first.done || first.value.kind !== broughtKinds.query) throw badRequest('The first frame must be the query.');
  const { tables: names, ...query } = parse(first.value.payload);
  const tables: Record<string, Relation> = {};
  for (const name of names) tables[name] = toRelation((await frames.next()).value?.payload);
  return { query, tables };
}

function parse(payload: Uint8Array): z.infer<typeof Asked> {
  const parsed = Asked.safeParse(JSON.parse(new TextDecoder().decode(payload)));
  if (!parsed.success) throw badRequest(`The query is not as described: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function toRelation(ipc: Uint8Array | undefined): Relation {
  if (!ipc) throw badRequest('A table that was named did not come.');
  return { kind: 'arrow', hash: '', complete: true, ipc: () => Promise.resolve(ipc) };
}

async function* limited({ body }: Request): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBroughtBytes)
      throw new Problem(413, 'too-large', `Tables may bring ${maxBroughtBytes} bytes.`, { limit: maxBroughtBytes });
    yield chunk;
  }
}

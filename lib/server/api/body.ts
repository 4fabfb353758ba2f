import { badRequest, Problem } from '#lib/server/problem.ts';

/** A JSON body is a notebook at most; files come as raw bodies. */
export const maxJsonBytes = 4 * 1024 * 1024;

/** The JSON a request carries; {} when it carries nothing. Refuses another content type, too many bytes and what is no JSON. */
export async function readJson(request: Request): Promise<unknown> {
  if (isEmpty(request)) return {};
  demandType(request, ['application/json']);
  const text = new TextDecoder().decode(await readBytes(request, maxJsonBytes));
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw badRequest(`The body is no JSON: ${(error as Error).message}`);
  }
}

/** `curl -X POST …/approve` sends neither type nor bytes: the schema says whether that will do. */
function isEmpty({ headers }: Request): boolean {
  return (
    !headers.has('content-type') &&
    !headers.has('transfer-encoding') &&
    Number(headers.get('content-length') ?? 0) === 0
  );
}

export function demandType(request: Request, allowed: string[]): void {
  const type = mediaType(request);
  if (!allowed.includes(type))
    throw new Problem(
      415,
      'unsupported-media-type',
      `Send the body as ${allowed.join(' or ')}, not ${type || 'without a Content-Type'}.`,
    );
}

export function mediaType(request: Request): string {
  return (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** Reads as far as the limit and no further, whatever Content-Length says. */
async function readBytes(request: Request, limit: number): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge(limit);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(limit: number): Problem {
  return new Problem(413, 'too-large', `The body may have at most ${limit} bytes.`, { limit });
}

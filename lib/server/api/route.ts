import type { Operation } from './operation.ts';

/** What a request's method and path lead to. */
export type Route =
  | { kind: 'operation'; operation: Operation; params: Record<string, string> }
  /** The path exists under these methods only. */
  | { kind: 'method'; allowed: string[] }
  | { kind: 'nowhere' };

/** HEAD asks for what GET does. A literal segment wins over a parameter. */
export function route(operations: Operation[], method: string, path: string): Route {
  const segments = path.split('/');
  const found = operations
    .map((operation) => ({ operation, params: match(operation.path.split('/'), segments) }))
    .filter((entry) => entry.params !== null)
    .sort((a, b) => Object.keys(a.params ?? {}).length - Object.keys(b.params ?? {}).length);
  if (found.length === 0) return { kind: 'nowhere' };
  const wanted = method === 'HEAD' ? 'GET' : method;
  const hit = found.find((entry) => entry.operation.method === wanted);
  if (hit) return { kind: 'operation', operation: hit.operation, params: hit.params ?? {} };
  return { kind: 'method', allowed: [...new Set(found.map((entry) => entry.operation.method))].toSorted() };
}

function match(pattern: string[], segments: string[]): Record<string, string> | null {
  if (pattern.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? '';
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    if (!name && part !== segment) return null;
    if (name) {
      const value = decode(segment);
      if (!value) return null;
      params[name] = value;
    }
  }
  return params;
}

function decode(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A lone % names nothing we have.
    return null;
  }
}

/** What the server refused and why: RFC 9457, with the stable `code`. `offline` when no answer came at all. */
export interface Refusal {
  status: number;
  code: string;
  detail: string;
  [more: string]: unknown;
}

export type Answer<T> = { ok: true; value: T } | { ok: false; problem: Refusal };

const offline: Refusal = {
  status: 0,
  code: 'offline',
  detail: 'The server does not answer. Nothing was changed; try again in a moment.',
};

/** One call of the HTTP surface with the page's own session. Expected refusals are values, never thrown. */
export async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Answer<T>> {
  const init: RequestInit = { method, credentials: 'same-origin', headers: { accept: 'application/json' } };
  if (signal) init.signal = signal;
  if (body !== undefined) {
    init.headers = { accept: 'application/json', 'content-type': 'application/json' };
    init.body = JSON.stringify(body);
  }
  const response = await fetch(path, init).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    return null;
  });
  if (!response) return { ok: false, problem: offline };
  if (!response.ok) return { ok: false, problem: await toRefusal(response) };
  return { ok: true, value: (response.status === 204 ? undefined : await response.json()) as T };
}

export async function toRefusal(response: Pick<Response, 'status' | 'text'>): Promise<Refusal> {
  const text = await response.text();
  const known = parse(text);
  const detail =
    known?.['detail'] ?? `The server answered ${response.status}. Try again; if it stays, tell your administrator.`;
  return { ...known, status: response.status, code: String(known?.['code'] ?? 'unexpected'), detail: String(detail) };
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return value && typeof value === 'object' ? (value as Record<string, unknown>) : null;
  } catch {
    // Not our own answer: a proxy's page, say. The status must do.
    return null;
  }
}

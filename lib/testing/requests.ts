import { getLodestar } from '#lib/server/lodestar.ts';

/** What a test sends to the API's door, as a browser or a script would. */
export interface Sent {
  method?: string;
  headers?: Record<string, string>;
  /** Sent as JSON, unless it is text. */
  body?: unknown;
}

/** Sends a request to the door itself, without a socket. */
export async function send(path: string, { method = 'GET', headers = {}, body }: Sent = {}): Promise<Response> {
  const { api, publicUrl } = getLodestar();
  const init: RequestInit = { method, headers: { ...headers } };
  if (body !== undefined) {
    init.body = typeof body === 'string' ? body : JSON.stringify(body);
    init.headers = { 'content-type': 'application/json', ...headers };
  }
  return api(new Request(new URL(path, publicUrl), init));
}

/** Status and JSON of an answer; null without a body. */
export async function read<T = Record<string, unknown>>(
  response: Response | Promise<Response>,
): Promise<{ status: number; body: T }> {
  const { status, text } = await Promise.resolve(response).then(async (answer) => ({
    status: answer.status,
    text: await answer.text(),
  }));
  return { status, body: (text ? JSON.parse(text) : null) as T };
}

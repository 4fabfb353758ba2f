import { CloseCode, finalWords } from '#lib/notebook/close-codes.ts';

/*
 * A browser does not say why a websocket was refused before it opened (RFC 6455, WHATWG: only "failed"), so the same
 * question is asked over HTTP.
 */
const codes: Record<number, CloseCode> = {
  401: CloseCode.sessionEnded,
  403: CloseCode.rightLost,
  404: CloseCode.notebookGone,
};

/** Why the notebook may not be opened, in words, or null when it may, or when the server cannot be reached. */
export async function askWhyRefused(notebookId: string, fetch = globalThis.fetch): Promise<string | null> {
  try {
    const { status } = await fetch(`/api/notebooks/${notebookId}`, { headers: { accept: 'application/json' } });
    return wordsForStatus(status);
  } catch {
    // Unreachable is what offline means: the provider keeps trying.
    return null;
  }
}

/** The words for an HTTP status, or null when trying again makes sense. */
export function wordsForStatus(status: number): string | null {
  const code = codes[status];
  return code === undefined ? null : finalWords(code);
}

import { toRefusal, type Answer } from '#lib/client/call.ts';

/** A dataset's rows as one Arrow IPC stream. Throws only when the signal is aborted. */
export async function fetchRows(datasetId: string, signal?: AbortSignal): Promise<Answer<Uint8Array>> {
  try {
    const response = await fetch(`/api/datasets/${datasetId}/rows`, {
      credentials: 'same-origin',
      headers: { accept: 'application/vnd.apache.arrow.stream' },
      ...(signal && { signal }),
    });
    if (!response.ok) return { ok: false, problem: await toRefusal(response) };
    return { ok: true, value: new Uint8Array(await response.arrayBuffer()) };
  } catch (error) {
    if (signal?.aborted) throw error;
    const detail = 'The server does not answer, so the rows could not be read. Try again in a moment.';
    return { ok: false, problem: { status: 0, code: 'offline', detail } };
  }
}

import { toRefusal, type Answer } from '#lib/client/call.ts';

/** A dataset's rows as one Arrow IPC stream. Throws only when the signal is aborted. */
export async function fetchRows(datasetId: string, signal?: AbortSignal): Promise<Answer<Uint8Array>> {
  let hasBegun = false;
  try {
    const response = await fetch(`/api/datasets/${datasetId}/rows`, {
      credentials: 'same-origin',
      headers: { accept: 'application/vnd.apache.arrow.stream' },
      ...(signal && { signal }),
    });
    if (!response.ok) return { ok: false, problem: await toRefusal(response) };
    hasBegun = true;
    return { ok: true, value: new Uint8Array(await response.arrayBuffer()) };
  } catch (error) {
    if (signal?.aborted) throw error;
    return { ok: false, problem: { status: 0, ...(hasBegun ? brokenOff : offline) } };
  }
}

const offline = {
  code: 'offline',
  detail: 'The server does not answer, so the rows could not be read. Try again in a moment.',
};

/** Arrow has no word for a failure, so the server breaks off what it cannot give whole. */
const brokenOff = {
  code: 'broken-off',
  detail:
    'The rows broke off: there are more than may be given, or what they are read from failed. The dataset’s own page says which.',
};

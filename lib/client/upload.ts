import { toRefusal, type Answer } from './call.ts';

const types: Record<string, string> = {
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  ndjson: 'application/x-ndjson',
  jsonl: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
  arrow: 'application/vnd.apache.arrow.file',
  arrows: 'application/vnd.apache.arrow.stream',
};

/** The endings one may choose, for a file field. */
export const uploadEndings = Object.keys(types).map((ending) => `.${ending}`);

function endingOf(fileName: string): string {
  return fileName.slice(fileName.lastIndexOf('.') + 1).toLowerCase();
}

/** The content type of a file we take, by its ending; null for others. The server looks into it, too. */
export function contentTypeOf(fileName: string): string | null {
  return types[endingOf(fileName)] ?? null;
}

/** A dataset's name out of a file's: `Late parcels (42).csv` becomes `late_parcels_42`. */
export function datasetNameOf(fileName: string): string {
  const stem = fileName.replace(/\.[^.]*$/, '');
  const words = stem
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return (/^[a-z]/.test(words) ? words : `data_${words}`).slice(0, 63).replace(/_+$/, '');
}

export interface Upload {
  projectId: string;
  name: string;
  file: Blob;
  type: string;
  /** Bytes sent of all. */
  onProgress(sent: number, of: number): void;
  signal?: AbortSignal;
}

/** Sends a file as a dataset. XMLHttpRequest, because fetch does not tell how much was sent. */
export function uploadDataset<T>({ projectId, name, file, type, onProgress, signal }: Upload): Promise<Answer<T>> {
  const request = new XMLHttpRequest();
  return new Promise((resolve) => {
    const refuse = (code: string, detail: string) => resolve({ ok: false, problem: { status: 0, code, detail } });
    request.open('PUT', `/api/projects/${projectId}/datasets/${name}`);
    request.setRequestHeader('content-type', type);
    request.setRequestHeader('accept', 'application/json');
    request.upload.addEventListener('progress', (event) => onProgress(event.loaded, file.size));
    request.addEventListener('load', () => resolve(read<T>(request)));
    request.addEventListener('error', () =>
      refuse('offline', 'The connection broke while the file was sent. Nothing was stored; send it again.'),
    );
    request.addEventListener('abort', () => refuse('cancelled', 'Stopped. Nothing was stored.'));
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}

async function read<T>(request: XMLHttpRequest): Promise<Answer<T>> {
  if (request.status >= 200 && request.status < 300) return { ok: true, value: JSON.parse(request.responseText) as T };
  return { ok: false, problem: await toRefusal({ status: request.status, text: async () => request.responseText }) };
}

import { useCallback, useRef, useState } from 'react';
import { contentTypeOf, datasetNameOf, uploadDataset, uploadEndings } from './upload.ts';

/** A file on its way to becoming a dataset. */
export interface Upload {
  name: string;
  /** Bytes. */
  sent: number;
  of: number;
  state: 'sending' | 'storing' | 'stored' | 'refused';
  detail?: string;
  id?: string;
  rows?: number;
}

export interface Uploading {
  upload: Upload | null;
  /** Sends one file; it becomes the dataset named after it, replacing one of that name. */
  send(file: File): void;
  stop(): void;
  close(): void;
}

/** One upload at a time. `onStored` is told when the project has a new dataset, or one with new rows. */
export function useUploads(projectId: string, onStored: () => void): Uploading {
  const [upload, setUpload] = useState<Upload | null>(null);
  const gone = useRef<AbortController>(undefined);
  const send = useCallback(
    (file: File) => {
      gone.current?.abort();
      const stop = (gone.current = new AbortController());
      void run(projectId, file, stop.signal, (next) => {
        if (gone.current !== stop) return;
        setUpload(next);
        if (next.state === 'stored') onStored();
      });
    },
    [projectId, onStored],
  );
  const stop = useCallback(() => gone.current?.abort(), []);
  const close = useCallback(() => setUpload(null), []);
  return { upload, send, stop, close };
}

async function run(projectId: string, file: File, signal: AbortSignal, show: (upload: Upload) => void): Promise<void> {
  const name = datasetNameOf(file.name);
  const start = { name, sent: 0, of: file.size };
  const type = contentTypeOf(file.name);
  if (!type) {
    show({
      ...start,
      state: 'refused',
      detail: `${file.name} is not a file we can read. Bring one that ends in ${uploadEndings.join(', ')}.`,
    });
    return;
  }
  show({ ...start, state: 'sending' });
  const onProgress = (sent: number, of: number) => show({ name, sent, of, state: sent < of ? 'sending' : 'storing' });
  const answer = await uploadDataset<{ id: string; rows?: number }>({
    projectId,
    name,
    file,
    type,
    onProgress,
    signal,
  });
  if (answer.ok)
    show({
      ...start,
      state: 'stored',
      id: answer.value.id,
      ...(answer.value.rows === undefined ? {} : { rows: answer.value.rows }),
    });
  else show({ ...start, state: 'refused', detail: answer.problem.detail });
}

import { useCallback } from 'react';
import { useUploads, type Uploading } from '#lib/client/uploads.ts';
import type { NotebookHere } from './context.tsx';

/** Makes a file of this tab a dataset of the project, under the name the notebook already uses. */
export function useFileUploads(
  { store, dropped }: NotebookHere,
  projectId: string,
): { uploads: Uploading; uploadFile(name: string): void } {
  const stored = useCallback(() => void store.act.refreshDatasets(), [store]);
  const uploads = useUploads(projectId, stored);
  const { send } = uploads;
  const uploadFile = useCallback(
    (name: string) => {
      const file = dropped.get(name);
      if (file) send(new File([file], `${name}${endingOf(file.name)}`, { type: file.type }));
    },
    [dropped, send],
  );
  return { uploads, uploadFile };
}

function endingOf(fileName: string): string {
  return fileName.includes('.') ? fileName.slice(fileName.lastIndexOf('.')) : '';
}

'use client';
import { useEffect, useState } from 'react';
import { Button } from '#components/parts/button.tsx';
import { Icon } from '#components/parts/icon.tsx';
import { Notice } from '#components/parts/notice.tsx';
import { Progress } from '#components/parts/progress.tsx';
import type { KernelError } from '#kernels/kernel.ts';
import { bytesWords } from '#components/cell/words.ts';
import { addCell } from './add-cell.ts';
import { useHere, type NotebookHere } from './context.tsx';
import { quoted } from './table-panel.tsx';

interface Incoming {
  file: File;
  fraction: number;
  error: KernelError | null;
}

/** A file dropped anywhere on the page becomes a table of this tab, and a query on it. */
export function DropTarget({ takes }: { takes: boolean }) {
  const here = useHere();
  const [over, setOver] = useState(false);
  const [incoming, setIncoming] = useState<Incoming[]>([]);
  useEffect(() => {
    const change = (file: File, next: Partial<Incoming> | null) =>
      setIncoming((list) => list.flatMap((each) => (each.file !== file ? [each] : next ? [{ ...each, ...next }] : [])));
    return watchDrops(setOver, (files) => {
      setIncoming((list) => [...list, ...files.map((file) => ({ file, fraction: 0, error: null }))]);
      for (const file of files) void take(here, file, takes, (next) => change(file, next));
    });
  }, [here, takes]);
  const drop = (file: File) => setIncoming((list) => list.filter((each) => each.file !== file));
  return (
    <>
      {over && (
        <div className="dropzone" aria-hidden="true">
          <div>
            <Icon name="upload" size="large" />
            <b>Drop to query it here</b>
            <span>CSV, Parquet, Arrow or NDJSON. It stays in this tab until you upload it.</span>
          </div>
        </div>
      )}
      {incoming.length > 0 && (
        <div className="incoming" aria-live="polite">
          {incoming.map((each) => (
            <Arriving key={each.file.name} {...each} onClose={() => drop(each.file)} />
          ))}
        </div>
      )}
    </>
  );
}

function Arriving({ file, fraction, error, onClose }: Incoming & { onClose(): void }) {
  if (error) {
    return (
      <Notice
        state="failed"
        acts={
          <Button size="small" onClick={onClose}>
            Close
          </Button>
        }
      >
        <b>{error.message}</b> {error.hint ?? `${file.name} was not read; nothing was changed.`}
      </Notice>
    );
  }
  return (
    <Progress label={file.name} done={fraction}>
      {Math.round(fraction * 100)} % of {bytesWords(file.size)}
    </Progress>
  );
}

async function take(
  { store, desk, dropped }: NotebookHere,
  file: File,
  mayEdit: boolean,
  change: (next: Partial<Incoming> | null) => void,
): Promise<void> {
  try {
    const table = await store.act.addFile(file, (fraction) => change({ fraction }));
    change(null);
    dropped.set(table.name, file);
    desk.set({ table: table.name });
    if (!mayEdit) return;
    const { current } = desk.read();
    const id = addCell(
      store,
      desk,
      { type: 'sql', engine: 'browser', source: `SELECT *\nFROM ${quoted(table.name)}\nLIMIT 100` },
      current ? { after: current } : {},
    );
    store.act.run(id);
  } catch (error) {
    change({ error: asKernelError(error, file) });
  }
}

function asKernelError(error: unknown, file: File): KernelError {
  if (typeof error === 'object' && error !== null && 'code' in error && 'message' in error) return error as KernelError;
  return { code: 'runtime', message: `${file.name} could not be read.`, detail: String(error) };
}

/** Tells when files hang over the page and when they fall. */
function watchDrops(onOver: (over: boolean) => void, onFiles: (files: File[]) => void): () => void {
  let depth = 0;
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
  const enter = (event: DragEvent) => {
    if (!hasFiles(event)) return;
    depth += 1;
    onOver(true);
  };
  const leave = (event: DragEvent) => {
    if (!hasFiles(event)) return;
    depth = Math.max(0, depth - 1);
    if (depth === 0) onOver(false);
  };
  const hover = (event: DragEvent) => hasFiles(event) && event.preventDefault();
  const fall = (event: DragEvent) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth = 0;
    onOver(false);
    onFiles([...(event.dataTransfer?.files ?? [])]);
  };
  const heard = { dragenter: enter, dragleave: leave, dragover: hover, drop: fall } as const;
  for (const [name, listener] of Object.entries(heard)) window.addEventListener(name, listener as EventListener);
  return () => {
    for (const [name, listener] of Object.entries(heard)) window.removeEventListener(name, listener as EventListener);
  };
}

'use client';
import { useRouter } from 'next/navigation';
import { useCallback, useMemo, useRef, useState, type ReactNode } from 'react';
import { useCommands, type Command } from '#components/frame/commands.ts';
import type { Crumb } from '#components/frame/crumbs.tsx';
import { Frame } from '#components/frame/frame.tsx';
import type { PlaceKey } from '#components/frame/places.ts';
import { Uploads } from '#components/home/uploads.tsx';
import { Button } from '#components/parts/button.tsx';
import type { Person } from '#components/parts/avatar.tsx';
import { Notice } from '#components/parts/notice.tsx';
import { call } from '#lib/client/call.ts';
import { uploadEndings } from '#lib/client/upload.ts';
import { useUploads } from '#lib/client/uploads.ts';

interface Given {
  frame: { me: Person; project: { id: string; name: string }; at: PlaceKey; waiting: number; zone: string };
  mayEdit: boolean;
  crumbs: Crumb[];
  children: (acts: ProjectActs) => ReactNode;
}

export interface ProjectActs {
  chooseFile(): void;
  newNotebook(): void;
}

/** A page of a project where a notebook can be started and a file dropped. */
export function ProjectFrame({ frame, mayEdit, crumbs, children }: Given) {
  const projectId = frame.project.id;
  const { newNotebook, busy, problem } = useNewNotebook(projectId);
  const { chooseFile, field, drop, uploads } = useFiles(projectId, mayEdit);
  const commands = useMemo(
    () => (mayEdit ? commandsOf(projectId, newNotebook, chooseFile) : []),
    [mayEdit, projectId, newNotebook, chooseFile],
  );
  useCommands(commands);
  const acts = mayEdit && (
    <>
      <Button size="small" icon="upload" tight onClick={chooseFile}>
        Add data
      </Button>
      <Button kind="main" size="small" icon="plus" keys="n" disabled={busy} onClick={newNotebook}>
        New notebook
      </Button>
    </>
  );
  return (
    <Frame {...frame} crumbs={crumbs} acts={acts} look="page wide-page">
      <div {...drop}>
        {problem && <Notice state="failed">{problem}</Notice>}
        {children({ chooseFile, newNotebook })}
      </div>
      {field}
      <Uploads upload={uploads.upload} onStop={uploads.stop} onClose={uploads.close} />
    </Frame>
  );
}

function commandsOf(projectId: string, newNotebook: () => void, chooseFile: () => void): Command[] {
  const bound = { group: 'Do', bound: true } as const;
  return [
    { ...bound, id: 'new-notebook', label: 'New notebook', icon: 'plus', keys: 'n', run: newNotebook },
    { ...bound, id: 'add-data', label: 'Add data from a file', icon: 'upload', keys: 'u', run: chooseFile },
    {
      ...bound,
      id: 'invite',
      label: 'Invite someone',
      icon: 'user-plus',
      keys: 'i',
      href: `/projects/${projectId}/people#invite`,
    },
  ];
}

function useNewNotebook(projectId: string) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const newNotebook = useCallback(() => {
    setBusy(true);
    void call<{ id: string }>('POST', `/api/projects/${projectId}/notebooks`, { title: 'Untitled', cells: [] }).then(
      (answer) => {
        setProblem(answer.ok ? null : answer.problem.detail);
        setBusy(answer.ok);
        if (answer.ok) router.push(`/notebooks/${answer.value.id}`);
      },
    );
  }, [projectId, router]);
  return { newNotebook, busy, problem };
}

/** A file comes by the button, by its key, or dropped anywhere on the page. */
function useFiles(projectId: string, mayEdit: boolean) {
  const router = useRouter();
  const input = useRef<HTMLInputElement>(null);
  const refresh = useCallback(() => router.refresh(), [router]);
  const uploads = useUploads(projectId, refresh);
  const chooseFile = useCallback(() => input.current?.click(), []);
  const take = (files: FileList | null) => {
    const file = files?.[0];
    if (file && mayEdit) uploads.send(file);
  };
  const field = (
    <input
      ref={input}
      type="file"
      hidden
      aria-label="A file to add"
      accept={uploadEndings.join(',')}
      onChange={(event) => {
        take(event.target.files);
        event.target.value = '';
      }}
    />
  );
  const drop = {
    className: 'drop-page',
    onDragOver: (event: React.DragEvent) => event.preventDefault(),
    onDrop: (event: React.DragEvent) => {
      event.preventDefault();
      take(event.dataTransfer.files);
    },
  };
  return { chooseFile, field, drop, uploads };
}

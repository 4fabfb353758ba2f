import { useEffect, useMemo, useState } from 'react';
import type { IconName } from '#components/parts/icon.tsx';
import { listNames, type Named } from '#lib/client/api/names.ts';
import { useCommands, type Command } from './commands.ts';

const icons: Record<Named['kind'], IconName> = {
  notebook: 'notebook-text',
  dataset: 'table-2',
  stream: 'radio',
  job: 'calendar-clock',
};

const none: Named[] = [];

/** Puts what the project has into the palette, read anew each time that it is opened; found when a part of its name is written. */
export function useNames(projectId: string | undefined, isOpen: boolean): void {
  const [names, setNames] = useState(none);
  useEffect(() => {
    if (!isOpen || !projectId) return;
    const gone = new AbortController();
    listNames(projectId, gone.signal).then(
      (answer) => answer.ok && setNames(answer.value.items),
      () => undefined,
    );
    return () => gone.abort();
  }, [isOpen, projectId]);
  useCommands(useMemo(() => names.map(toCommand), [names]));
}

function toCommand({ kind, id, name }: Named): Command {
  return {
    id: `${kind}-${id}`,
    group: 'Go to',
    label: name,
    icon: icons[kind],
    hint: kind,
    mono: kind !== 'notebook',
    searched: true,
    href: `/${kind}s/${id}`,
  };
}

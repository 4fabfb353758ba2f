import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { catalogueOf, keyOf, type Catalogue, type Path } from '#lib/client/catalogue.ts';
import type { Found } from '#lib/connection/view.ts';
import type { Parts } from './tree.ts';

/** The catalogue of a connection, and its parts as they are now. */
export function useCatalogue(connection: string): { catalogue: Catalogue; parts: Parts } {
  const catalogue = useMemo(() => catalogueOf(connection), [connection]);
  const parts = useSyncExternalStore(catalogue.subscribe, catalogue.read, catalogue.read);
  return { catalogue, parts };
}

/** Which paths are open; opening one reads it. */
export function useOpen(catalogue: Catalogue, first: readonly Path[]) {
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(first.map(keyOf)));
  const begin = JSON.stringify(first);
  useEffect(() => {
    void catalogue.need([]);
    for (const path of JSON.parse(begin) as string[][]) void catalogue.need(path);
  }, [catalogue, begin]);
  const toggle = (path: Path) => {
    const key = keyOf(path);
    if (!open.has(key)) void catalogue.need(path);
    setOpen((now) => (now.has(key) ? new Set([...now].filter((each) => each !== key)) : new Set([...now, key])));
  };
  return { open, toggle };
}

/** ms without a letter after which the cluster is asked. */
const pause = 250;

/** What the cluster finds for a text; null while nothing is looked for. */
export function useSearch(catalogue: Catalogue, text: string): { found: Found | null; problem: string | null } {
  const [answer, setAnswer] = useState<{ text: string; found: Found | null; problem: string | null } | null>(null);
  const asked = text.trim();
  useEffect(() => {
    if (!asked) return;
    let gone = false;
    const timer = setTimeout(() => {
      void catalogue.search(asked).then((got) => {
        if (gone) return;
        setAnswer({ text: asked, found: got.ok ? got.value : null, problem: got.ok ? null : got.problem.detail });
      });
    }, pause);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [catalogue, asked]);
  if (!asked || !answer) return { found: null, problem: null };
  return { found: answer.found, problem: answer.text === asked ? answer.problem : null };
}

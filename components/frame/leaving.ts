'use client';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

/*
 * Leaving a page where something is not saved asks first: links of the page, the palette, and the browser's own leaving. What
 * asks is one question at a time; the frame shows it.
 */

export interface Leaving {
  title: string;
  words: string;
  /** Where one wanted to go. */
  href: string;
}

let guard: { title: string; words: string } | null = null;
const listeners = new Set<(leaving: Leaving) => void>();

/** Whether one may go there at once; if not, the frame asks. */
export function mayLeaveFor(href: string): boolean {
  if (!guard) return true;
  for (const listener of listeners) listener({ ...guard, href });
  return listeners.size === 0;
}

/** Hears that someone wants to leave. */
export function onLeaving(listener: (leaving: Leaving) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Goes although something is not saved. */
export function useLeaveAnyway(): (href: string) => void {
  const router = useRouter();
  return (href) => {
    guard = null;
    router.push(href);
  };
}

/** Asks before this page is left while `isUnsaved`. */
export function useLeaving(isUnsaved: boolean, title: string, words: string): void {
  useEffect(() => {
    if (!isUnsaved) return;
    const mine = { title, words };
    guard = mine;
    const unload = (event: BeforeUnloadEvent) => guard && event.preventDefault();
    const click = (event: MouseEvent) => {
      const link = (event.target as Element | null)?.closest?.('a[href]');
      const isOwn = link instanceof HTMLAnchorElement && link.origin === location.origin && link.target !== '_blank';
      if (!isOwn || link.pathname === location.pathname || event.metaKey || event.ctrlKey) return;
      if (mayLeaveFor(link.pathname + link.search)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    window.addEventListener('beforeunload', unload);
    window.addEventListener('click', click, true);
    return () => {
      if (guard === mine) guard = null;
      window.removeEventListener('beforeunload', unload);
      window.removeEventListener('click', click, true);
    };
  }, [isUnsaved, title, words]);
}

import { useSyncExternalStore } from 'react';
import { themeCookie, toTheme, type Theme } from './theme-cookie.ts';

/*
 * Light, dark, or as the system says. The choice is a cookie, so that the server writes `data-theme` into the first
 * byte of the page and nothing flashes; without one the style sheet follows the system by itself.
 */
export type Shade = 'light' | 'dark';

const dark = '(prefers-color-scheme: dark)';
const listeners = new Set<() => void>();

export function readTheme(): Theme {
  return toTheme(document.documentElement.dataset['theme']);
}

/** What is seen now. */
export function readShade(): Shade {
  const theme = readTheme();
  if (theme !== 'system') return theme;
  return matchMedia(dark).matches ? 'dark' : 'light';
}

export function setTheme(theme: Theme): void {
  const age = theme === 'system' ? 0 : 31_536_000;
  document.cookie = `${themeCookie}=${theme}; path=/; max-age=${age}; samesite=lax`;
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  for (const listener of listeners) listener();
}

export function watchTheme(listener: () => void): () => void {
  const media = matchMedia(dark);
  media.addEventListener('change', listener);
  listeners.add(listener);
  return () => {
    media.removeEventListener('change', listener);
    listeners.delete(listener);
  };
}

/** For what cannot be coloured by tokens alone: the editor, charts. */
export function useShade(): Shade {
  return useSyncExternalStore(watchTheme, readShade, () => 'light');
}

export function useTheme(): Theme {
  return useSyncExternalStore(watchTheme, readTheme, () => 'system');
}

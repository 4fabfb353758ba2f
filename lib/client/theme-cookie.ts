/** The choice of light or dark, as the cookie holds it; read by the server too, so it knows no React. */
export type Theme = 'light' | 'dark' | 'system';

export const themeCookie = 'theme';

export function toTheme(value: string | undefined): Theme {
  return value === 'light' || value === 'dark' ? value : 'system';
}

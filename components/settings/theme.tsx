'use client';
import { Icon } from '#components/parts/icon.tsx';
import { Segmented } from '#components/parts/segmented.tsx';
import type { Theme } from '#lib/client/theme-cookie.ts';
import { setTheme, useTheme } from '#lib/client/theme.ts';

const choices: { value: Theme; label: React.ReactNode }[] = [
  { value: 'system', label: <Choice icon="monitor" word="As the system" /> },
  { value: 'light', label: <Choice icon="sun" word="Light" /> },
  { value: 'dark', label: <Choice icon="moon" word="Dark" /> },
];

function Choice({ icon, word }: { icon: 'monitor' | 'sun' | 'moon'; word: string }) {
  return (
    <span className="st">
      <Icon name={icon} />
      {word}
    </span>
  );
}

/** Kept on this device. */
export function ThemeChoice() {
  return <Segmented label="Light or dark" value={useTheme()} choices={choices} onChange={setTheme} />;
}

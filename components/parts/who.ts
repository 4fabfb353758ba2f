import { colourOf } from '#lib/notebook/colour.ts';

/** A person's colour is theirs everywhere: avatar, caret, selection. One of the six `--who-n` tokens, from the user id. */
export function whoOf(userId: string): 1 | 2 | 3 | 4 | 5 | 6 {
  return Number(colourOf(userId).slice(-1)) as 1 | 2 | 3 | 4 | 5 | 6;
}

/** Two letters: of one name its first two, of several the first of the first and the last. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const first = [...(words[0] ?? '?')];
  const last = words.length > 1 ? [...(words.at(-1) ?? '')][0] : first[1];
  return `${first[0]?.toUpperCase()}${words.length > 1 ? last?.toUpperCase() : (last?.toLowerCase() ?? '')}`;
}

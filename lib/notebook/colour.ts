const count = 6;

/** The presence colour of a person, the same on every screen: `who-1` … `who-6` of the tokens. */
export function colourOf(userId: string): string {
  let sum = 0;
  for (const character of userId) sum = (sum * 31 + character.codePointAt(0)!) >>> 0;
  return `who-${(sum % count) + 1}`;
}

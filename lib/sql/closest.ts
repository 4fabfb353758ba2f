/** The candidate most like the name, or null when none is like it; an engine's candidates are often far off. */
export function closest(name: string, candidates: string[]): string | null {
  const wanted = name.toLowerCase();
  const ranked = candidates
    .filter((each) => each !== '')
    .map((text) => ({ text, away: distance(wanted, lastPart(text).toLowerCase()) }))
    .sort((a, b) => a.away - b.away);
  const best = ranked[0];
  return best && best.away <= Math.max(2, Math.floor(name.length / 3)) && best.away < name.length ? best.text : null;
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** Levenshtein's: letters to add, drop or change. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row.at(-1)!;
}

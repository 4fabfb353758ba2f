/** Where a query matches a text: half-open ranges of it, and how well (higher is better). */
export interface Match {
  score: number;
  ranges: [start: number, end: number][];
}

/** In one piece, best at the start of a word; else letter by letter in order. Null where it does not match. */
export function match(query: string, text: string): Match | null {
  const wanted = query.trim().toLowerCase();
  if (!wanted) return { score: 0, ranges: [] };
  return inOnePiece(wanted, text.toLowerCase()) ?? inOrder(wanted.replace(/\s+/g, ''), text.toLowerCase());
}

function startsWord(text: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? '');
}

function inOnePiece(wanted: string, text: string): Match | null {
  let at = text.indexOf(wanted);
  if (at < 0) return null;
  for (let next = at; next >= 0; next = text.indexOf(wanted, next + 1)) {
    if (startsWord(text, next)) {
      at = next;
      break;
    }
  }
  return { score: 100 + (startsWord(text, at) ? 50 : 0) - Math.min(40, at), ranges: [[at, at + wanted.length]] };
}

function inOrder(wanted: string, text: string): Match | null {
  const ranges: Match['ranges'] = [];
  let from = 0;
  for (const letter of wanted) {
    const at = text.indexOf(letter, from);
    if (at < 0) return null;
    const last = ranges.at(-1);
    if (last && last[1] === at) last[1] = at + 1;
    else ranges.push([at, at + 1]);
    from = at + 1;
  }
  const apart = ranges.length > Math.ceil(wanted.length / 2) && !ranges.every(([start]) => startsWord(text, start));
  // Letters strewn over many places match nearly everything and help nobody.
  return apart ? null : { score: 50 - ranges.length * 5, ranges };
}

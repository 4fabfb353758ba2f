export interface Heading {
  /** 1 to 3 for headings; 0 for words without any, told by their beginning. */
  level: number;
  text: string;
}

/** The headings of a markdown text; without any, its first words. */
export function headingsOf(source: string): Heading[] {
  const headings: Heading[] = [];
  let fenced = false;
  for (const line of source.split('\n')) {
    if (/^\s*(```|~~~)/.test(line)) fenced = !fenced;
    const found = fenced ? null : /^(#{1,3})\s+(.+?)\s*#*$/.exec(line);
    if (found) headings.push({ level: found[1]!.length, text: plain(found[2]!) });
  }
  if (headings.length > 0) return headings;
  const first = plain(source.trim().split('\n')[0] ?? '');
  return first ? [{ level: 0, text: first.length > 60 ? `${first.slice(0, 59)}…` : first }] : [];
}

function plain(text: string): string {
  return text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*_`~>]+/g, '')
    .trim();
}

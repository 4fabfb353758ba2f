/** A line of two texts side by side; `from`–`to` is what changed in it, where its like is on the other side. */
export interface DiffLine {
  kind: 'same' | 'gone' | 'new';
  /** Line numbers from 1; null where the side has no such line. */
  before: number | null;
  after: number | null;
  text: string;
  /** [from, to) of the changed stretch, or null. */
  changed: [number, number] | null;
}

/** What must go and what must come to make `after` of `before`, by whole lines, with the changed stretch of each marked. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  const lengths = common(a, b);
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) lines.push(line('same', ++i, ++j, a[i - 1]));
    else if (j >= b.length || (i < a.length && at(lengths, i + 1, j) >= at(lengths, i, j + 1)))
      lines.push(line('gone', ++i, null, a[i - 1]));
    else lines.push(line('new', null, ++j, b[j - 1]));
  }
  return markPairs(ordered(lines));
}

/** `+4 −2`, as two numbers. */
export function tally(lines: DiffLine[]): { come: number; gone: number } {
  const count = (kind: DiffLine['kind']) => lines.filter((each) => each.kind === kind).length;
  return { come: count('new'), gone: count('gone') };
}

/** lengths[i][j] is the length of the longest common run of a from i and b from j. */
function common(a: string[], b: string[]): number[][] {
  const lengths = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => 0));
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      lengths[i]![j] =
        a[i] === b[j] ? at(lengths, i + 1, j + 1) + 1 : Math.max(at(lengths, i + 1, j), at(lengths, i, j + 1));
  return lengths;
}

function at(lengths: number[][], i: number, j: number): number {
  return lengths[i]?.[j] ?? 0;
}

function line(kind: DiffLine['kind'], before: number | null, after: number | null, text = ''): DiffLine {
  return { kind, before, after, text, changed: null };
}

/** Within a block of changes, what goes stands before what comes. */
function ordered(lines: DiffLine[]): DiffLine[] {
  return blocks(lines).flatMap((block) => [
    ...block.filter((each) => each.kind !== 'new'),
    ...block.filter((each) => each.kind === 'new'),
  ]);
}

/** In a block of changes, a line that goes is answered by the first line still unanswered that is like it. */
function markPairs(lines: DiffLine[]): DiffLine[] {
  return blocks(lines).flatMap((block) => {
    const come = block.filter((each) => each.kind === 'new');
    for (const gone of block.filter((each) => each.kind === 'gone')) {
      const like = come.findIndex((each) => mark(gone, each));
      if (like >= 0) come.splice(0, like + 1);
    }
    return block;
  });
}

/** Marks what differs between two lines that are alike, and says whether they are. */
function mark(gone: DiffLine, come: DiffLine): boolean {
  const start = shared(gone.text, come.text);
  const room = Math.min(gone.text.length, come.text.length) - start;
  const end = Math.min(shared(reversed(gone.text), reversed(come.text)), room);
  if ((start + end) * 2 < Math.min(gone.text.length, come.text.length)) return false;
  gone.changed = [start, gone.text.length - end];
  come.changed = [start, come.text.length - end];
  return true;
}

function shared(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1;
  return length;
}

function reversed(text: string): string {
  return text.split('').reverse().join('');
}

/** Stretches of same lines, and of changed ones, in turn. */
function blocks(lines: DiffLine[]): DiffLine[][] {
  const found: DiffLine[][] = [];
  for (const each of lines) {
    const last = found.at(-1);
    if (last && (last[0]?.kind === 'same') === (each.kind === 'same')) last.push(each);
    else found.push([each]);
  }
  return found;
}

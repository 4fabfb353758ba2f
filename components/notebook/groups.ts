export interface Group {
  ids: string[];
  /** Input cells that follow each other share a row. */
  inputs: boolean;
}

/** Cells as they stand on the page, from `id:type id:type …` in order. */
export function groupsOf(shape: string): Group[] {
  const groups: Group[] = [];
  for (const word of shape.split(' ').filter(Boolean)) {
    const [id = '', type] = word.split(':');
    const last = groups.at(-1);
    if (type === 'input' && last?.inputs) last.ids.push(id);
    else groups.push({ ids: [id], inputs: type === 'input' });
  }
  return groups;
}

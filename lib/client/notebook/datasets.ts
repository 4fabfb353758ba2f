import type { Answer } from '#lib/client/call.ts';
import type { DatasetEntry } from './store.ts';

/** The datasets of the project, as last listed. */
export class Datasets {
  list: readonly DatasetEntry[] = [];
  /** False until the first list has come: no name is unknown before that. */
  isKnown = false;
  private readonly read: () => Promise<Answer<DatasetEntry[]>>;

  constructor(read: () => Promise<Answer<DatasetEntry[]>>) {
    this.read = read;
  }

  /** Lists again; gives the names whose rows are others now. Without an answer everything stays as it was. */
  async refresh(): Promise<string[]> {
    const answer = await this.read();
    if (!answer.ok) return [];
    const before = new Map(this.list.map((each) => [each.name, `${each.id}@${each.version}`]));
    this.list = answer.value;
    this.isKnown = true;
    return this.list
      .filter((each) => before.has(each.name) && before.get(each.name) !== `${each.id}@${each.version}`)
      .map((each) => each.name);
  }
}

import type { Answer } from '#lib/client/call.ts';
import type { Published } from '#lib/client/changes.ts';
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

  /** Takes a newer version in, without what else may be new of it; false where no such dataset is listed. */
  grow({ datasetId, version }: Pick<Published, 'datasetId' | 'version'>): boolean {
    if (!this.list.some(({ id }) => id === datasetId)) return false;
    this.list = this.list.map((each) =>
      each.id === datasetId && each.version < version ? { ...each, version } : each,
    );
    return true;
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

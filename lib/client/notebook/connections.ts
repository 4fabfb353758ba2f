import type { Answer } from '#lib/client/call.ts';
import type { ConnectionEntry } from '#lib/connection/view.ts';

/** The connections of the project, as last listed. */
export class Connections {
  list: readonly ConnectionEntry[] = [];
  /** False until the first list has come: no connection is gone before that. */
  isKnown = false;
  private readonly read: () => Promise<Answer<ConnectionEntry[]>>;

  constructor(read: () => Promise<Answer<ConnectionEntry[]>>) {
    this.read = read;
  }

  /** Lists again; without an answer everything stays as it was. Gives whether something is another now. */
  async refresh(): Promise<boolean> {
    const answer = await this.read();
    if (!answer.ok || (this.isKnown && JSON.stringify(answer.value) === JSON.stringify(this.list))) return false;
    this.list = answer.value;
    this.isKnown = true;
    return true;
  }

  /** For the graph: ids, or null while they are not known. */
  ids(): ReadonlySet<string> | null {
    return this.isKnown ? new Set(this.list.map((each) => each.id)) : null;
  }
}

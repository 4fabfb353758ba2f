import { rm } from 'node:fs/promises';
import type { Built, Workshop } from '#lib/server/warehouse/warehouse.ts';

/** The files that one step builds: where it comes to nothing, none of them waits for the sweep. */
export class Drafts {
  private paths = new Set<string>();

  /** The same workshop; what it builds is known here. */
  of(workshop: Workshop): Workshop {
    return {
      build: async (request, signal) => this.note(await workshop.build(request, signal)),
      each: async (request, others, signal) =>
        (await workshop.each(request, others, signal)).map((built) => this.note(built)),
      close: () => workshop.close(),
    };
  }

  /** Removes those that are still where they were built; what was settled has another name. */
  async remove(): Promise<void> {
    for (const path of this.paths) await rm(path, { force: true });
    this.paths.clear();
  }

  private note(built: Built): Built {
    if (!built.ok) return built;
    this.paths.add(built.file.path);
    if (built.sifted?.left) this.paths.add(built.sifted.left.file.path);
    return built;
  }
}

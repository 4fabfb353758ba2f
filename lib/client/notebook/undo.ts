import { UndoManager, type Doc } from 'yjs';
import { cellsOf, metaOf } from '#lib/notebook/document.ts';

/** Takes back what this tab did, and nobody else's; a deleted cell comes back with its text. */
export class Undo {
  private readonly manager: UndoManager;

  constructor(doc: Doc, origin: unknown, onChange: () => void) {
    this.manager = new UndoManager([cellsOf(doc), metaOf(doc)], {
      trackedOrigins: new Set([origin]),
      captureTimeout: 500,
    });
    for (const event of ['stack-item-added', 'stack-item-popped', 'stack-cleared'] as const)
      this.manager.on(event, onChange);
  }

  get canUndo(): boolean {
    return this.manager.canUndo();
  }

  get canRedo(): boolean {
    return this.manager.canRedo();
  }

  undo(): void {
    this.manager.undo();
  }

  redo(): void {
    this.manager.redo();
  }

  /** What comes next is a step of its own, not one with the typing before. */
  step(): void {
    this.manager.stopCapturing();
  }

  close(): void {
    this.manager.destroy();
  }
}

'use client';
import { useHere, useMayEdit, useView } from './context.tsx';
import { useDraft } from './use-draft.ts';

/** The notebook's title, written in place, and what one should know of its state. */
export function Title() {
  const { store } = useHere();
  const mayEdit = useMayEdit();
  const title = useView((view) => view.title);
  const facts = useView(factsOf);
  const [draft, setDraft] = useDraft(title);
  const keep = () => {
    const next = draft.trim();
    if (!next) setDraft(title);
    else if (next !== title) store.act.setTitle(next);
  };
  return (
    <div className="nb-title">
      <h1>
        {mayEdit ? (
          <input
            aria-label="Title of the notebook"
            value={draft}
            placeholder="Untitled"
            spellCheck={false}
            onChange={(event) => setDraft(event.target.value)}
            onBlur={keep}
            onKeyDown={(event) => {
              if (event.key === 'Escape') setDraft(title);
              if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur();
            }}
          />
        ) : (
          title
        )}
      </h1>
      <p>{facts}</p>
    </div>
  );
}

const numbers = [
  'no',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];

/** `11 cells, one stale, one failed.` and, for readers, what they may do. */
export function factsOf(view: Parameters<Parameters<typeof useView<string>>[0]>[0]): string {
  const counted = (state: string) => view.cells.filter((each) => each.run.state === state).length;
  const parts = [`${view.cells.length} ${view.cells.length === 1 ? 'cell' : 'cells'}`];
  for (const state of ['stale', 'failed', 'running']) {
    const found = counted(state);
    if (found > 0) parts.push(`${numbers[found] ?? found} ${state}`);
  }
  const rights =
    view.role === 'reader' && view.sync.state !== 'connecting'
      ? ' You can read and run it; changing it needs the right to edit.'
      : '';
  return `${parts.join(', ')}. An input runs what depends on it.${rights}`;
}

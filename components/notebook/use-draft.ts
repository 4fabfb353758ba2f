import { useState } from 'react';

/** What is being typed, and what it was begun from: when the kept value becomes another, the draft follows it. */
export function useDraft(value: string): [draft: string, setDraft: (draft: string) => void] {
  const [draft, setDraft] = useState({ text: value, of: value });
  if (draft.of !== value) {
    setDraft({ text: value, of: value });
    return [value, (text) => setDraft({ text, of: value })];
  }
  return [draft.text, (text) => setDraft({ text, of: value })];
}

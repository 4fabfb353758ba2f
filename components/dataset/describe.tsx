'use client';
import { useState, type FormEvent } from 'react';
import { Button } from '#components/parts/button.tsx';
import { TextArea } from '#components/parts/field.tsx';

/** Says what one row is; opens in place. */
export function Describe({ description, onSave }: { description: string; onSave(description: string): void }) {
  const [text, setText] = useState<string | null>(null);
  if (text === null)
    return (
      <button type="button" className="link plain" onClick={() => setText(description)}>
        {description ? 'Edit' : 'Say it'}
      </button>
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSave(text);
    setText(null);
  };
  return (
    <form className="narrow-form" onSubmit={submit}>
      <TextArea
        autoFocus
        aria-label="What one row is"
        placeholder="One row per …"
        maxLength={2000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="go">
        <Button size="small" type="submit">
          Save
        </Button>
        <Button kind="bare" size="small" onClick={() => setText(null)}>
          Leave it
        </Button>
      </div>
    </form>
  );
}

interface Given {
  id: string;
  'aria-describedby': string | undefined;
  checked: boolean;
  words: string;
  onChange(checked: boolean): void;
}

/** A box to tick with its words. */
export function Tick({ id, 'aria-describedby': said, checked, words, onChange }: Given) {
  return (
    <label className="st">
      <input
        id={id}
        aria-describedby={said}
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
      />{' '}
      {words}
    </label>
  );
}

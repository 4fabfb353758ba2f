/** Tells whoever waits for what is new that this process has published: the database is the truth, and is looked at sooner. */
const bell = new EventTarget();

/** Called when the transaction that published is committed. */
export function ringPublished(): void {
  bell.dispatchEvent(new Event('published'));
}

/** Calls it each time until what it gives is called. */
export function onPublished(call: () => void): () => void {
  bell.addEventListener('published', call);
  return () => bell.removeEventListener('published', call);
}

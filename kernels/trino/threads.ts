import { createDecoder } from './arrow/decoder.ts';

/** The threads that read pages, for all queries of the process. They begin with the first page and keep no process alive. */
export const decoder = createDecoder();

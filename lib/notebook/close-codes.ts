/*
 * Why a collaboration socket was closed, in numbers both ends share. A stock y-websocket client gives up on 44xx and
 * comes back, ever slower, after anything else; so 44xx is for what coming back cannot mend.
 */
export const CloseCode = {
  /** A frame that is not of the protocol, or holds what no notebook holds. */
  badFrame: 4400,
  /** Signed out, expired, or the token was revoked. */
  sessionEnded: 4401,
  /** No longer a member of the project. */
  rightLost: 4403,
  /** Deleted, or never was. */
  notebookGone: 4404,
  /** The notebook has reached the size an installation allows. */
  notebookFull: 4413,
  /** RFC 6455: a frame over the limit. Coming back would send it again. */
  frameTooBig: 1009,
  /** RFC 6455: the server goes down on purpose; come back. */
  restarting: 1012,
  /** Did not read what was sent to it; come back for the whole. */
  tooSlow: 4508,
} as const;
export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];

const words: Partial<Record<number, string>> = {
  [CloseCode.badFrame]: 'The server could not read what this page sent. Reload the page.',
  [CloseCode.sessionEnded]: 'Your session has ended. Sign in again to go on.',
  [CloseCode.rightLost]: 'You may no longer open this notebook. Ask an owner of the project.',
  [CloseCode.notebookGone]: 'This notebook was deleted.',
  [CloseCode.notebookFull]: 'This notebook is full: the last edits were not stored. Remove some of it, then reload.',
  [CloseCode.frameTooBig]: 'The last edit is too big to be stored. Reload, and bring such data in as a dataset.',
};

/** What a person is told when a close is final, or null when the client should come back by itself. */
export function finalWords(code: number): string | null {
  return words[code] ?? null;
}

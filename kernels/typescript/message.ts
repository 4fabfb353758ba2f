import { z } from 'zod';
import type { Parameters } from '#lib/sql/parameter.ts';

/*
 * What crosses between the page and the sandbox. Down: trusted, plain types. Up: written by people's code, if it wants to,
 * so the page checks every message, counts them, and shows their text as text.
 */

/** To the frame, which runs none of people's code and answers each with `{ type: 'heard' }`. */
export type FrameMessage =
  | { type: 'hold'; hash: string; ipc: Uint8Array }
  | { type: 'drop'; hash: string }
  | { type: 'start'; run: number; relations: { name: string; hash: string; complete: boolean }[]; cell: CellMessage }
  | { type: 'end'; run: number }
  | { type: 'ping' };

export interface CellMessage {
  name: string;
  body: string;
  parameters: Parameters;
  /** -1 for all rows. */
  limit: number;
}

/** From the frame to a fresh worker. */
export interface WorkerStart {
  cell: CellMessage;
  relations: { name: string; complete: boolean; ipc: Uint8Array }[];
}

export const maxText = 20_000;
const text = z.string().max(maxText);
const line = z.number().int().positive().optional();

/** From the worker to the page. */
export const WorkerMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('log'), level: z.enum(['log', 'info', 'warn', 'error']), text, line }),
  z.object({
    type: z.literal('value'),
    name: z.string().max(200),
    value: z.object({ type: z.string().max(200), text }),
  }),
  z.object({ type: z.literal('table'), ipc: z.instanceof<typeof Uint8Array<ArrayBufferLike>>(Uint8Array) }),
  z.object({ type: z.literal('done'), complete: z.boolean() }),
  z.object({
    type: z.literal('failed'),
    name: z.string().max(200),
    message: text,
    stack: text,
    line,
    column: line,
  }),
]);
export type WorkerMessage = z.infer<typeof WorkerMessage>;

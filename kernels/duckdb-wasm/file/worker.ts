import type { ConvertReply, ConvertRequest } from './convert.ts';
import { jsonToCsv } from './json.ts';
import { parquetToArrow } from './parquet.ts';
import { FileError } from './error.ts';

/** The inside of the worker that reads files (convert.ts): one file, then it is ended. */
const post = self.postMessage.bind(self) as (reply: ConvertReply, options?: StructuredSerializeOptions) => void;

let goOn: () => void = () => undefined;

self.addEventListener('message', ({ data }: MessageEvent<ConvertRequest | 'next'>) => {
  if (data === 'next') goOn();
  else void convert(data);
});

async function convert({ kind, file }: ConvertRequest): Promise<void> {
  try {
    const replies = kind === 'parquet' ? parquetToArrow(file) : jsonToCsv(file);
    for await (const reply of replies) await say(reply);
    post({ type: 'done' });
  } catch (error) {
    post({ type: 'failed', error: toldBy(error, file.name) });
  }
}

/** Waits until a piece was taken in before the next is made. */
async function say(reply: ConvertReply): Promise<void> {
  const taken = reply.type === 'progress' ? Promise.resolve() : new Promise<void>((resolve) => (goOn = resolve));
  post(reply, { transfer: reply.type === 'arrow' ? [reply.ipc.buffer as ArrayBuffer] : [] });
  await taken;
}

function toldBy(error: unknown, fileName: string) {
  if (error instanceof FileError) return error.error;
  const detail = error instanceof Error ? error.message : String(error);
  return { code: 'runtime', message: `${fileName} cannot be read: it is broken or cut off.`, detail } as const;
}

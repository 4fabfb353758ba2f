import { createTypeScriptKernel } from '#kernels/browser.ts';
import { compile } from '#kernels/typescript/compile.ts';

/* The page of X1: our kernel, and the barest warm sandbox: an iframe, a worker that stays, one message there and back. */

const kernel = createTypeScriptKernel();
const bare = openBare();

Object.assign(globalThis, {
  ours: (source: string) => timed(() => runOurs(source)),
  bare: async (source: string) => {
    const compiled = compile(source);
    if (!compiled.ok) throw new Error(compiled.error.message);
    const { body } = compiled;
    const call = await bare;
    return timed(() => call(body));
  },
});

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function runOurs(source: string): Promise<void> {
  const inputs = { parameters: {}, relations: {} };
  let last = '';
  for await (const event of kernel.run({ name: 'cell', source }, inputs, { signal: new AbortController().signal }))
    last = event.type;
  if (last !== 'done') throw new Error(`The cell ended with ${last}.`);
}

async function openBare(): Promise<(body: string) => Promise<unknown>> {
  const worker = `onmessage = async ({ data }) => {
    const cell = {};
    const returned = await (0, eval)('(async function (__cell) { "use strict"; ' + data + '})')(cell);
    postMessage(returned === undefined ? cell.value : returned);
  }`;
  const frame = `<script>
    const worker = new Worker(URL.createObjectURL(new Blob([${JSON.stringify(worker)}])));
    worker.onmessage = ({ data }) => parent.postMessage(data, '*');
    onmessage = ({ data }) => worker.postMessage(data);
  </script>`;
  const iframe = document.createElement('iframe');
  iframe.setAttribute('sandbox', 'allow-scripts');
  iframe.srcdoc = frame;
  await new Promise((resolve) => {
    iframe.addEventListener('load', resolve, { once: true });
    document.body.append(iframe);
  });
  return (body) => {
    const answer = new Promise((resolve) => {
      const hear = (event: MessageEvent) => {
        if (event.source !== iframe.contentWindow) return;
        removeEventListener('message', hear);
        resolve(event.data);
      };
      addEventListener('message', hear);
    });
    iframe.contentWindow!.postMessage(body, '*');
    return answer;
  };
}

/*
 * The browser's door to the kernels. Importing it fetches nothing; a kernel starts at its first use.
 *
 *     const sql = createBrowserKernel();              // one a tab, kept over notebooks: opening a second one is then quick
 *     await sql.start();                              // optional: have DuckDB warm before the first run
 *     await sql.reads(source)                         // names for the graph, `{{parameters}}` included in the source
 *     for await (const event of sql.run({ name, source }, { parameters, relations }, { signal, limit, timeout })) …
 *     await sql.addFile('sales', file, (fraction) => …, signal)    // rejects with KernelFailure: show failure.error
 *
 * `relations` are the names this source reads, each `{ kind: 'arrow', hash, complete, ipc }`: `ipc` is asked only when the
 * kernel does not hold that hash. Names that are not given are not readable, even when an earlier run was given them. Local
 * files are readable without being given. A run's rows become readable to others only by being passed in as a relation.
 */
export { createBrowserKernel } from './duckdb-wasm/kernel.ts';
export type { BrowserKernel, BrowserKernelOptions } from './duckdb-wasm/kernel.ts';
export type { EngineState } from './duckdb-wasm/host.ts';
export type { LocalTable } from './duckdb-wasm/local.ts';
export { KernelFailure } from './failure.ts';
export { createTypeScriptKernel } from './typescript/kernel.ts';
export type { TypeScriptKernel } from './typescript/kernel.ts';
export { remoteTrino, remoteWarehouse } from './remote.ts';
export type { TrinoAbout } from './remote.ts';

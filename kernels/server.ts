/** The server's door to the kernels: nothing else of kernels/ is imported by lib/server, but the shared contract files. */
export { WarehouseKernel, defaultLimits } from './warehouse/kernel.ts';
export type { PersonRunOptions, WarehouseOptions } from './warehouse/kernel.ts';
export { jobPerson } from './warehouse/pool.ts';
export { buildInChild, convertInChild, explainInChild, landInChild } from './warehouse/task.ts';
export { BuildWorkshop } from './warehouse/workshop.ts';
export type { BuildTask, TaskOptions } from './warehouse/task.ts';
export type { Format, Landed, Reply, Sift, Written } from './warehouse/protocol.ts';
export { readsOfApart as readsOfTrino } from './trino/apart.ts';
export type {
  Access,
  Answer,
  AskOptions,
  IoPlan,
  IoTable,
  Trino,
  TrinoRunOptions,
  TrinoTarget,
} from './trino/target.ts';
export { TrinoKernel } from './trino/kernel.ts';
export { ReadyTransactions } from './trino/ready.ts';
export { ask } from './trino/ask.ts';
export { stopQuery } from './trino/stop.ts';
export { explainIo, explainSteps, validate } from './trino/explain.ts';
export { fromNetwork as networkError } from './trino/unreachable.ts';

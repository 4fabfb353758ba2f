/** The server's door to the kernels: nothing else of kernels/ is imported by lib/server, but the shared contract files. */
export { WarehouseKernel, defaultLimits } from './warehouse/kernel.ts';
export type { PersonRunOptions, WarehouseOptions } from './warehouse/kernel.ts';
export { jobPerson } from './warehouse/pool.ts';
export { buildInChild, convertInChild } from './warehouse/task.ts';
export type { TaskOptions } from './warehouse/task.ts';
export type { Format, Reply, Written } from './warehouse/protocol.ts';

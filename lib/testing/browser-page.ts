import { offerKernels } from './kernel-page.ts';
import { createBrowserKernel } from '#kernels/duckdb-wasm/kernel.ts';

/** The harness page of the kernels' browser tests. */
offerKernels({ browser: createBrowserKernel() });

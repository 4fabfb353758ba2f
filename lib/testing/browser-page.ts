import { createBrowserKernel, createTypeScriptKernel } from '#kernels/browser.ts';
import { offerKernels } from './kernel-page.ts';

/** The harness page of the kernels' browser tests. */
offerKernels({ browser: createBrowserKernel(), typescript: createTypeScriptKernel() });

import type { PromotionSpec } from '#lib/job/spec.ts';
import { localText } from '#lib/job/clock.ts';
import { windowParameters, type Window } from '#lib/job/window.ts';
import type { Build, Warehouse } from '#lib/server/warehouse/warehouse.ts';

/** What the warehouse must build for one window of a spec; a trial and a run ask for the very same. */
export async function toBuild(
  warehouse: Warehouse,
  projectId: string,
  spec: PromotionSpec,
  window: Window,
  log: Build['log'],
): Promise<Build> {
  const names = await readNames(warehouse, spec);
  return {
    steps: spec.steps,
    parameters: { ...spec.parameters, ...windowParameters(window, spec.timeZone, spec.windowAs) },
    relations: await warehouse.relations(projectId, names),
    checks: spec.checks,
    stamp: { window_start: { type: 'TIMESTAMP', value: localText(window.start, spec.timeZone, 'timestamp') } },
    log,
  };
}

/** What the steps read beside each other. */
async function readNames(warehouse: Warehouse, spec: PromotionSpec): Promise<string[]> {
  const own = new Set(spec.steps.map((step) => step.name.toLowerCase()));
  const read = await Promise.all(spec.steps.map((step) => warehouse.kernel.reads(step.sql)));
  return [...new Set(read.flat())].filter((name) => !own.has(name.toLowerCase()));
}

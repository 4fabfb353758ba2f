import type { Question } from '#lib/client/api/connections.ts';
import type { Cell } from '#lib/notebook/cell.ts';
import { parametersIn } from '#lib/notebook/input.ts';
import { outsideOf, textsOf, type World } from './prepare.ts';
import { sameName } from '#lib/notebook/name.ts';

type Asked = Pick<World, 'cells' | 'graph' | 'datasets' | 'kernels'>;

/**
 * What a cluster is asked of a Trino cell before it runs: its text, the values of inputs, the texts it takes along. null where
 * the cell has no text or connection, or reads rows of this page: those go along only when it runs. A cell that lacks an
 * input says so itself.
 */
export function questionOf(cell: Cell, world: Asked): Question | null {
  if (cell.type !== 'sql' || cell.engine !== 'trino' || !cell.connection || cell.source.trim() === '') return null;
  const texts = textsOf(cell, world);
  if ((world.graph.get(cell.id)?.problems.length ?? 0) > 0 || needsRows(cell, world, texts)) return null;
  const queries = Object.entries(texts).map(([name, { sql }]) => [name, sql]);
  const parameters = parametersIn(world.cells);
  return { connection: cell.connection, sql: cell.source, parameters, queries: Object.fromEntries(queries) };
}

function needsRows(cell: Cell, world: Asked, texts: Record<string, unknown>): boolean {
  const { cells, graph, datasets, kernels } = world;
  const needs = graph.get(cell.id)?.needs ?? [];
  const held = [...datasets, ...kernels.browser.tables()].map((each) => each.name);
  return (
    needs.some((id) => cells.some((each) => each.id === id && each.type !== 'input')) ||
    outsideOf(cell, world).some((name) => !(name in texts) && held.some((each) => sameName(each, name)))
  );
}

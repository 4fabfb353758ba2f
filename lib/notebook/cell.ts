import { z } from 'zod';

/*
 * A cell, in three shapes: CellSpec is what people give (over HTTP, or when they add one), Cell is what a
 * notebook holds, read out of the Yjs document by document.ts. Results are in neither: they belong to runs.
 */

export const CellType = z.enum(['sql', 'typescript', 'markdown', 'chart', 'input']);
export type CellType = z.infer<typeof CellType>;

/** What runs a cell; `trino` also needs a connection. */
export const Engine = z.enum(['browser', 'typescript', 'warehouse', 'trino']);
export type Engine = z.infer<typeof Engine>;

/** A name other cells can use: an identifier in both SQL and TypeScript. */
export const CellName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/, 'a letter or _, then letters, digits and _');

export const ChartType = z.enum(['line', 'bar', 'area', 'point', 'arc', 'heat', 'histogram', 'box', 'number']);
export type ChartType = z.infer<typeof ChartType>;

export const Aggregate = z.enum(['none', 'count', 'sum', 'mean', 'median', 'min', 'max', 'distinct']);
export type Aggregate = z.infer<typeof Aggregate>;

/** What the chart builder edits; lib/chart turns it into Vega-Lite. `from` is the name of the cell whose rows it draws. */
export const ChartSpec = z.object({
  from: z.string().default(''),
  type: ChartType.default('line'),
  x: z.string().default(''),
  /** Time unit or bin of x: '' as it is. */
  xUnit: z.enum(['', 'hour', 'day', 'week', 'month', 'quarter', 'year', 'bin']).default(''),
  y: z.string().default(''),
  aggregate: Aggregate.default('none'),
  color: z.string().default(''),
  sort: z.enum(['', 'x', '-x', 'y', '-y']).default(''),
  stack: z.boolean().default(true),
  zero: z.boolean().default(true),
  title: z.string().default(''),
  subtitle: z.string().default(''),
});
export type ChartSpec = z.infer<typeof ChartSpec>;

/** What an input cell offers. The value's form follows the kind (lib/sql/parameter.ts). */
export const InputSpec = z.object({
  kind: z.enum(['number', 'text', 'date', 'timestamp', 'choice']).default('text'),
  value: z.union([z.string(), z.number(), z.null()]).default(null),
  options: z.array(z.string()).default([]),
  hint: z.string().default(''),
  min: z.number().nullable().default(null),
  max: z.number().nullable().default(null),
});
export type InputSpec = z.infer<typeof InputSpec>;

/** What is given to make a cell. Without a name one is made up; without an engine the type decides. */
export const CellSpec = z.object({
  type: CellType,
  name: CellName.optional(),
  source: z.string().max(1_000_000).default(''),
  engine: Engine.optional(),
  /** The id of a connection of the project, for engine `trino`. */
  connection: z.string().max(64).optional(),
  chart: ChartSpec.partial().optional(),
  input: InputSpec.partial().optional(),
});
export type CellSpec = z.input<typeof CellSpec>;

export const Cell = z.object({
  id: z.string(),
  type: CellType,
  /** '' for markdown. */
  name: z.string(),
  /** Fractional index: cells are ordered by it, then by id. */
  position: z.string(),
  source: z.string(),
  /** null for markdown, chart and input cells. */
  engine: Engine.nullable(),
  /** The id of the connection a `trino` cell runs on; '' when none was chosen. */
  connection: z.string(),
  chart: ChartSpec.nullable(),
  input: InputSpec.nullable(),
});
export type Cell = z.infer<typeof Cell>;

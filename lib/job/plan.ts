/*
 * Does the answer depend on which events come together? Read from the engine's own plan, as it stands before it is optimised:
 * every operator through which rows of the stream pass must treat each of them by itself. What only datasets pass through
 * may do anything. Pure: who asks the engine is lib/server/jobs/explain.ts.
 */

/** One operator, as `EXPLAIN (FORMAT JSON)` gives it. */
export interface PlanNode {
  name: string;
  children: PlanNode[];
  extra_info: Record<string, string | string[]>;
}

/** A step over empty tables: its plan, and the names it reads. */
export interface StepPlan {
  name: string;
  /** null where the engine gives none: a PIVOT whose columns are the values it finds. */
  plan: PlanNode | null;
  reads: string[];
  /** Functions its text calls; a column of such a name counts, as the parser cannot tell. */
  calls: string[];
  /** The joins its text has: the plan leaves out the kind of those on other conditions than comparisons. */
  joins: TextJoin[];
  /** It has LIMIT or OFFSET, but none of them counts: LIMIT ALL, LIMIT NULL, OFFSET 0. The plan does not tell. */
  hasIdleLimit: boolean;
  /** Its text has a UNION that leaves out what is there twice, which the plan does not tell from UNION ALL. */
  hasDistinctUnion: boolean;
}

/** A join as it is written. */
export interface TextJoin {
  type: string;
  /** Names of tables that are read on either side, in lower case, through the text's own WITH; `*` where that is not known. */
  left: string[];
  right: string[];
}

export interface Dependence {
  /** The step it is in. */
  step: string;
  /** What of it, in words: `count(*) puts events together`. */
  part: string;
  /** The whole sentence, with what to do. */
  message: string;
}

/** Why the steps cannot answer for each event by itself; null when they can. The last step's rows are the output. */
export function dependenceOf(steps: StepPlan[], stream: string): Dependence | null {
  const holding = new Set([stream.toLowerCase()]);
  for (const [index, step] of steps.entries()) {
    try {
      if (holdsStream(step, holding)) holding.add(step.name.toLowerCase());
      else if (index === steps.length - 1) throw new Depends(`its rows do not come from ${stream}`);
    } catch (error) {
      if (!(error instanceof Depends)) throw error;
      return { step: step.name, part: error.part, message: messageOf(step.name, error) };
    }
  }
  return null;
}

/** Functions the steps call whose answer is another one each time. */
export function unsteady(steps: StepPlan[]): string[] {
  return [...new Set(steps.flatMap(({ calls }) => calls.filter((name) => passing.has(name))))];
}

const passing = new Set(
  `now current_timestamp get_current_timestamp transaction_timestamp localtimestamp current_localtimestamp
   today current_date current_time get_current_time current_localtime localtime
   random uuid uuidv4 uuidv7 gen_random_uuid`.split(/\s+/),
);

/** What the rules of one step know. */
interface Scope {
  holding: ReadonlySet<string>;
  /** What each CTE is, by its number in the plan. */
  ctes: Map<string, PlanNode>;
  joins: TextJoin[];
  hasIdleLimit: boolean;
  hasDistinctUnion: boolean;
}

function holdsStream({ plan, reads, ...text }: StepPlan, holding: ReadonlySet<string>): boolean {
  if (plan) return holds(plan, { holding, ctes: new Map(), ...text });
  if (reads.some((name) => holding.has(name.toLowerCase()))) throw new Depends('PIVOT puts events together');
  return false;
}

/** Whether rows of the stream come out of an operator. Throws Depends where they do not pass it each by itself. */
function holds(node: PlanNode, scope: Scope): boolean {
  const name = node.name.trim();
  if (name === 'SEQ_SCAN') return scope.holding.has(tableOf(node).toLowerCase());
  if (name === 'CTE_SCAN') return cteHolds(node, scope);
  if (name === 'CTE') {
    scope.ctes.set(infoOf(node, 'Table Index'), node.children[0]!);
    return holds(node.children[1]!, scope);
  }
  const sides = node.children.map((child) => holds(child, scope));
  if (!sides.includes(true)) return false;
  const part = partOf(name, node, sides, scope);
  if (part) throw new Depends(part);
  return true;
}

/** A recursive one reads itself, which is judged where it stands. */
function cteHolds(node: PlanNode, scope: Scope): boolean {
  const index = infoOf(node, 'CTE Index');
  const definition = scope.ctes.get(index);
  if (!definition) return false;
  scope.ctes.delete(index);
  const found = holds(definition, scope);
  scope.ctes.set(index, definition);
  return found;
}

/** What about an operator depends on the batch, when the stream is on these sides of it; null when nothing does. */
function partOf(name: string, node: PlanNode, sides: boolean[], scope: Scope): string | null {
  if (isRowByRow.has(name)) return null;
  if (joins.has(name)) return joinPart(name, joinType(name, node, sides, scope), sides);
  if (name === 'UNION') return unionPart(sides, scope);
  if (name === 'LIMIT' && scope.hasIdleLimit) return null;
  return parts[name]?.(node) ?? `${wordsOf(name)} may treat events together`;
}

const isRowByRow = new Set(['PROJECTION', 'FILTER', 'UNNEST', 'JSON_EACH', 'JSON_TREE', 'GENERATE_SERIES', 'RANGE']);

const joins = new Set(['COMPARISON_JOIN', 'ANY_JOIN', 'CROSS_PRODUCT', 'DEPENDENT_JOIN', 'ASOF_JOIN']);

const parts: Record<string, (node: PlanNode) => string> = {
  AGGREGATE: (node) => `${expressionOf(node) ?? 'GROUP BY'} puts events together`,
  DISTINCT: () => 'DISTINCT compares events with each other',
  WINDOW: (node) => `the window function ${expressionOf(node) ?? ''} looks at events beside each other`,
  ORDER_BY: () => 'ORDER BY puts events in an order',
  LIMIT: () => 'LIMIT counts events',
  SAMPLE: () => 'SAMPLE takes some of the events that come together',
  EXCEPT: () => 'EXCEPT compares events with other rows as a set',
  INTERSECT: () => 'INTERSECT compares events with other rows as a set',
  REC_CTE: () => 'a recursive WITH goes on over events together',
  POSITIONAL_JOIN: () => 'POSITIONAL JOIN goes by the place of an event among others',
};

function unionPart(sides: boolean[], { hasDistinctUnion }: Scope): string | null {
  if (sides.includes(false)) return 'UNION adds rows that do not come from the stream, to each batch anew';
  return hasDistinctUnion ? 'UNION compares events with each other (UNION ALL does not)' : null;
}

/**
 * The plan does not say of which kind a join on any condition is: the worst of those the text has that would matter, with the stream
 * on the side that may be met by nothing. RIGHT is LEFT the other way round by then.
 */
function joinType(name: string, node: PlanNode, [left]: boolean[], scope: Scope): string {
  if (name !== 'ANY_JOIN') return infoOf(node, 'Join Type') || 'INNER';
  const kinds = scope.joins.filter((join) => keepsUnmet(join, scope.holding)).map(({ type }) => type);
  const full = kinds.find((kind) => kind === 'FULL' || kind === 'OUTER');
  if (left || kinds.length === 0) return full ?? 'INNER';
  return full ?? 'LEFT';
}

/** Whether rows of the other side may stand in the answer, or not, because no event met them. */
function keepsUnmet({ type, left, right }: TextJoin, holding: ReadonlySet<string>): boolean {
  const holdsAny = (names: string[]) => names.some((name) => name === '*' || holding.has(name));
  if (type === 'INNER') return false;
  if (type === 'FULL' || type === 'OUTER') return holdsAny(left) || holdsAny(right);
  return holdsAny(type.startsWith('RIGHT') ? left : right);
}

/** The stream may be on one side, and a row of the other may not stand in the answer because no event met it. */
function joinPart(name: string, type: string, [left, right]: boolean[]): string | null {
  if (left && right) return 'a join of the stream with itself finds only events that come together';
  if (type === 'FULL' || type === 'OUTER') return 'FULL JOIN keeps rows that no event of the batch met';
  if (type === 'INNER' && name !== 'ASOF_JOIN') return null;
  const isPreserved = type.startsWith('RIGHT') ? right : left;
  if (isPreserved) return null;
  if (name === 'ASOF_JOIN') return 'ASOF JOIN looks for the nearest among the events of the batch';
  if (type === 'LEFT' || type === 'RIGHT') return `${type} JOIN keeps rows that no event of the batch met`;
  return 'a subquery or semi-join asks whether the batch has an event, for rows that are not events';
}

function messageOf(step: string, { part }: Depends): string {
  return `${step}: ${part}, so the answer would depend on which events arrive at the same moment. A windowless job answers for each event by itself: cleaning, casts, expressions and joins with datasets. Promote the query with tumbling windows instead, or take that part out and ask it of the job's output.`;
}

/** Without the database and schema the engine puts before some names. */
function tableOf(node: PlanNode): string {
  return infoOf(node, 'Table').split('.').at(-1)!.replaceAll('"', '');
}

function infoOf(node: PlanNode, key: string): string {
  const value = node.extra_info[key] ?? '';
  return Array.isArray(value) ? value.join(', ') : value;
}

/** The first expression, as people write it. */
function expressionOf(node: PlanNode): string | null {
  const value = node.extra_info['Expressions'];
  const first = Array.isArray(value) ? value[0] : value;
  if (!first) return null;
  const text = first.replaceAll('count_star()', 'count(*)').replaceAll(/"(\w+)"\(/g, '$1(');
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function wordsOf(operator: string): string {
  return operator.toLowerCase().replaceAll('_', ' ');
}

class Depends extends Error {
  readonly part: string;

  constructor(part: string) {
    super(part);
    this.part = part;
  }
}

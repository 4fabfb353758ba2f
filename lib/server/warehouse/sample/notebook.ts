import type { CellSpec } from '#lib/notebook/cell.ts';

/*
 * The notebook a newcomer finds: real questions on the sample data, each cell one thing to learn. Its window inputs name
 * one whole day, so that `revenue` can be promoted as it stands and compared with what is shown.
 */
export function sampleNotebook(lastDay: string): { title: string; cells: CellSpec[] } {
  const next = new Date(Date.parse(`${lastDay}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  return { title: 'How is the shop doing?', cells: [...opening(lastDay, next), ...people, ...money, ...films] };
}

const markdown = (source: string): CellSpec => ({ type: 'markdown', source });
const sql = (name: string, source: string): CellSpec => ({ type: 'sql', engine: 'browser', name, source });
const chart = (name: string, spec: CellSpec['chart']): CellSpec => ({ type: 'chart', name, chart: spec });

function opening(start: string, end: string): CellSpec[] {
  return [
    markdown(`Four weeks of a small shop: who came, who paid, how much. Change an input: only what depends on it
runs again. Everything runs in your browser; the datasets (\`user\`, \`purchase\`, \`access\`) belong to the project.`),
    { type: 'input', name: 'window_start', input: { kind: 'date', value: start, hint: 'First day, included' } },
    { type: 'input', name: 'window_end', input: { kind: 'date', value: end, hint: 'Up to this day, not included' } },
    {
      type: 'input',
      name: 'country',
      input: {
        kind: 'choice',
        value: 'all',
        options: ['all', 'DE', 'FR', 'NL', 'PL', 'SE'],
        hint: 'Where people live',
      },
    },
  ];
}

const people: CellSpec[] = [
  markdown(`## Who comes?

The log holds some lines twice, as logs do. \`SELECT DISTINCT\` removes them before anything is counted.`),
  sql(
    'active_users',
    `SELECT CAST(visited_at AS DATE) AS day,
       count(DISTINCT user_id) AS users,
       round(avg(seconds), 1) AS seconds_a_page
FROM (SELECT DISTINCT * FROM access)
GROUP BY day
ORDER BY day`,
  ),
  chart('daily_active_users', {
    from: 'active_users',
    type: 'line',
    x: 'day',
    y: 'users',
    title: 'Daily active users',
  }),
];

const money: CellSpec[] = [
  markdown(`## What do they pay?

One row for the window above: revenue without the doubled lines, and revenue per paying person (ARPPU). **Promote** this cell
and it runs every day by itself; \`{{window_start}}\` and \`{{window_end}}\` are then the day it answers for.`),
  sql(
    'revenue',
    `SELECT country,
       count(*) AS purchases,
       count(DISTINCT user_id) AS paying_users,
       sum(amount) AS revenue,
       round(sum(amount) / count(DISTINCT user_id), 2) AS arppu
FROM (SELECT DISTINCT * FROM purchase)
WHERE paid_at >= {{window_start}} AND paid_at < {{window_end}}
  AND ({{country}} = 'all' OR country = {{country}})
GROUP BY country
ORDER BY country`,
  ),
  chart('revenue_by_country', {
    from: 'revenue',
    type: 'bar',
    x: 'country',
    y: 'revenue',
    sort: '-y',
    title: 'Revenue by country',
  }),
  sql(
    'revenue_by_day',
    `SELECT CAST(paid_at AS DATE) AS day, channel, sum(amount) AS revenue
FROM (SELECT DISTINCT * FROM purchase)
WHERE {{country}} = 'all' OR country = {{country}}
GROUP BY day, channel
ORDER BY day, channel`,
  ),
  chart('revenue_by_channel', {
    from: 'revenue_by_day',
    type: 'area',
    x: 'day',
    y: 'revenue',
    aggregate: 'sum',
    color: 'channel',
    title: 'Revenue a day, by how people found us',
  }),
  markdown(`The next cell is TypeScript. It sees the rows of \`revenue_by_day\` as an array; exact decimals stay exact until you turn
them into numbers yourself.`),
  {
    type: 'typescript',
    name: 'best_days',
    source: `const perDay = new Map<string, number>();
for (const row of revenue_by_day.rows) {
  const day = String(row.day);
  perDay.set(day, (perDay.get(day) ?? 0) + Number(String(row.revenue)));
}
const ranked = [...perDay].map(([day, revenue]) => ({ day, revenue: Math.round(revenue) }));
ranked.sort((one, other) => other.revenue - one.revenue);
ranked.slice(0, 5)`,
  },
  sql(
    'new_people',
    `SELECT CAST(signed_up_at AS DATE) AS day, channel, count(*) AS people
FROM user
WHERE signed_up_at >= (SELECT min(visited_at) FROM access)
GROUP BY day, channel
ORDER BY day, channel`,
  ),
];

const films: CellSpec[] = [
  markdown(`## And a question about films

\`movies\` is a real table with real gaps. Which genres earn their budget back, in the middle of all films of the genre?`),
  sql(
    'genres',
    `SELECT major_genre AS genre,
       count(*) AS films,
       round(median(worldwide_gross / production_budget), 2) AS times_budget,
       round(avg(imdb_rating), 1) AS rating
FROM movies
WHERE production_budget > 0 AND major_genre IS NOT NULL
GROUP BY genre
HAVING count(*) >= 20
ORDER BY times_budget DESC`,
  ),
  chart('genres_by_return', {
    from: 'genres',
    type: 'bar',
    x: 'genre',
    y: 'times_budget',
    sort: '-y',
    title: 'Takings for each dollar of budget',
  }),
];

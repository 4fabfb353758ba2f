import { readFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import type { Format } from '#kernels/server.ts';

/*
 * Real tables out of the npm package vega-datasets, tidied only as far as SQL likes it: names without spaces, dates as
 * dates, titles that are numbers as the text they are.
 */

export interface FileTable {
  name: string;
  description: string;
  format: Format;
  text(): Promise<string>;
}

type Row = Record<string, unknown>;

export const vegaTables: FileTable[] = [
  {
    name: 'cars',
    description: 'Cars of 1970 to 1982 with mileage, power and origin (vega-datasets).',
    format: 'ndjson',
    text: () => lines('cars.json', (row) => row),
  },
  {
    name: 'movies',
    description:
      'Films with budget, takings, genre and ratings; some fields are missing, as they were found (vega-datasets).',
    format: 'ndjson',
    text: () => lines('movies.json', toMovie),
  },
  {
    name: 'weather',
    description: 'Seattle’s weather day by day, 2012 to 2015 (vega-datasets).',
    format: 'csv',
    text: () => source('seattle-weather.csv'),
  },
  {
    name: 'gapminder',
    description: 'Life expectancy, fertility and population by country, every five years (vega-datasets).',
    format: 'ndjson',
    text: () => lines('gapminder.json', (row) => row),
  },
];

async function source(file: string): Promise<string> {
  const home = dirname(findPackageJSON('vega-datasets', import.meta.url)!);
  return readFile(join(home, 'data', file), 'utf8');
}

async function lines(file: string, tidy: (row: Row) => Row): Promise<string> {
  const rows = JSON.parse(await source(file)) as Row[];
  return rows.map((row) => `${JSON.stringify(snake(tidy(row)))}\n`).join('');
}

function snake(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name.toLowerCase().replaceAll(' ', '_'), value]),
  );
}

function toMovie(row: Row): Row {
  const released = new Date(`${String(row['Release Date'])} UTC`);
  const date = Number.isNaN(released.getTime()) ? null : released.toISOString().slice(0, 10);
  return { ...row, Title: row['Title'] === null ? null : String(row['Title']), 'Release Date': date };
}

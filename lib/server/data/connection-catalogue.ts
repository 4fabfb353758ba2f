import type { Found, NameList, TableDetail, TableList } from '#lib/connection/view.ts';
import type { Actor } from '#lib/server/access.ts';
import type { Catalogue, Reading } from '#lib/server/connections/connections.ts';
import { getLodestar } from '#lib/server/lodestar.ts';
import { asProblem } from './failure.ts';
import { demandConnection } from './connection-row.ts';

/*
 * What a cluster holds, as it shows it to the asking person: who may run queries in the project may look, and sees what their
 * own Trino user may see.
 */

export const listCatalogs = (actor: Actor, id: string, reading: Reading): Promise<NameList> =>
  reads(actor, id, (catalogue) => catalogue.catalogs(reading));

export const listSchemas = (actor: Actor, id: string, catalog: string, reading: Reading): Promise<NameList> =>
  reads(actor, id, (catalogue) => catalogue.schemas(catalog, reading));

export const listTables = (
  actor: Actor,
  id: string,
  place: { catalog: string; schema: string },
  reading: Reading,
): Promise<TableList> => reads(actor, id, (catalogue) => catalogue.tables(place.catalog, place.schema, reading));

export const readTable = (
  actor: Actor,
  id: string,
  place: { catalog: string; schema: string; table: string },
  reading: Reading,
): Promise<TableDetail> =>
  reads(actor, id, (catalogue) => catalogue.table(place.catalog, place.schema, place.table, reading));

export const searchTables = (actor: Actor, id: string, text: string, reading: Reading): Promise<Found> =>
  reads(actor, id, (catalogue) => catalogue.search(text, reading));

async function reads<T>(actor: Actor, id: string, read: (catalogue: Catalogue) => Promise<T>): Promise<T> {
  const { row } = await demandConnection(actor, id, 'read');
  return asProblem(async () => read(await getLodestar().connections.catalogue(actor, row)));
}

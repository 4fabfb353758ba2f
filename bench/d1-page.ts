import { AsyncDuckDB, VoidLogger } from '@duckdb/duckdb-wasm';
import { ownAssets } from '#kernels/duckdb-wasm/engine.ts';

/* The bare page of D1: DuckDB-WASM, one query, its first row on the page. */

const assets = ownAssets();
const database = new AsyncDuckDB(new VoidLogger(), new Worker(assets.worker));
await database.instantiate(assets.wasm, null);
await database.open({});
const connection = await database.connect();
const table = await connection.query('SELECT range AS n, range * 1.5 AS x FROM range(1000)');
const row = document.createElement('p');
row.id = 'row';
row.textContent = String(table.get(0));
document.body.append(row);

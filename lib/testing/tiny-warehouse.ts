import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { Column } from '#kernels/kernel.ts';
import { readsOf } from '#kernels/warehouse/reads.ts';
import { compile } from '#lib/sql/compile.ts';
import type { Build, Built, Warehouse } from '#lib/server/warehouse/warehouse.ts';
import type { Lodestar } from '#lib/server/lodestar.ts';

export async function tinyWarehouse(lodestar: Lodestar): Promise<Warehouse> {
  const dir = join(lodestar.config.DATA_DIR, 'warehouse');
  await mkdir(dir, { recursive: true });
  const instance = await DuckDBInstance.create();
  return {
    kernel: {
      engine: 'warehouse',
      reads: async (sql) => {
        return readsOf(await instance.connect(), sql);
      },
      run: () => {
        throw new Error('not here');
      },
      close: async () => {},
    },
    relations: async (projectId, names) => {
      const rows = await lodestar.db.dataset.findMany({ where: { projectId }, include: { partitions: true } });
      const wanted = new Set(names.map((n) => n.toLowerCase()));
      return Object.fromEntries(
        rows
          .filter((r) => wanted.has(r.name.toLowerCase()))
          .map((r) => [
            r.name,
            {
              kind: 'parquet' as const,
              hash: String(r.version),
              complete: true,
              files: r.partitions.map((p) => p.file),
              columns: r.columns as unknown as Column[],
            },
          ]),
      );
    },
    build: async (request, signal) => {
      const c = await (await DuckDBInstance.create()).connect();
      return build(c, dir, request, signal).catch((error: Error): Built => ({
        ok: false,
        error: { code: 'runtime', message: error.message },
      }));
    },
    settle: async (file) => {
      const path = join(dir, `${file.sha256}-${randomUUID()}.parquet`);
      await rename(file.path, path);
      return { ...file, path };
    },
    publish: async (tx, p) => {
      const data = {
        file: p.file.path,
        rows: p.file.rows,
        bytes: p.file.bytes,
        sha256: p.file.sha256,
        windowStart: p.windowStart,
        windowEnd: p.windowEnd,
        runId: p.runId,
      };
      await tx.partition.upsert({
        where: { datasetId_key: { datasetId: p.datasetId, key: p.key } },
        create: { datasetId: p.datasetId, key: p.key, ...data },
        update: data,
      });
      await tx.dataset.update({
        where: { id: p.datasetId },
        data: { version: { increment: 1 }, columns: p.columns as unknown as object[] },
      });
    },
    sweep: async () => {},
    close: async () => {},
  };
}

async function build(c: DuckDBConnection, dir: string, request: Build, signal: AbortSignal): Promise<Built> {
  if (signal.aborted) return { ok: false, error: { code: 'cancelled', message: 'Cancelled.' } };
  for (const [name, r] of Object.entries(request.relations)) {
    if (r.kind !== 'parquet') continue;
    await c.run(
      r.files.length
        ? `CREATE VIEW "${name}" AS SELECT * FROM read_parquet([${r.files.map((f) => `'${f}'`).join(',')}])`
        : `CREATE TABLE "${name}" (${r.columns.map((k) => `"${k.name}" ${k.type}`).join(',')})`,
    );
  }
  for (const step of request.steps) {
    const compiled = compile(step.sql, request.parameters);
    if (!compiled.ok) return { ok: false, error: { code: 'unknown-parameter', message: compiled.error.name } };
    const text = compiled.sql.replaceAll(/\$(\d+)/g, (_, n) => {
      const value = compiled.values[Number(n) - 1];
      return typeof value === 'string' ? `'${value}'` : String(value);
    });
    await c.run(`CREATE TABLE "${step.name}" AS ${text}`);
  }
  const last = request.steps.at(-1)!.name;
  const stamps = Object.entries(request.stamp).map(([name, s]) => `, TIMESTAMP '${s.value}' AS "${name}"`);
  await c.run(`CREATE TABLE __output AS SELECT *${stamps.join('')} FROM "${last}"`);
  const path = join(dir, `staging-${randomUUID()}.parquet`);
  await c.run(`COPY __output TO '${path}' (FORMAT parquet)`);
  const described = await c.runAndReadAll(`DESCRIBE __output`);
  const columns = described.getRows().map((r) => ({ name: String(r[0]), type: String(r[1]) }));
  const shown = (await c.runAndReadAll(`SELECT COLUMNS(*)::VARCHAR FROM __output`)).getRows() as (string | null)[][];
  const checks = await Promise.all(
    request.checks.map(async (check) => {
      if (check.type !== 'rows') return { check, passed: true, found: '' };
      return { check, passed: shown.length >= (check.min ?? 0), found: `${shown.length} rows` };
    }),
  );
  const bytes = (await stat(path)).size;
  const sha256 = createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
  return {
    ok: true,
    file: { path, rows: shown.length, bytes, sha256 },
    columns,
    checks,
    preview: { columns, rows: shown, complete: true },
    took: 1,
  };
}

import { DuckDBTypeId } from '@duckdb/node-api';
import type {
  DuckDBArrayType,
  DuckDBDataChunk,
  DuckDBDecimalType,
  DuckDBEnumType,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  DuckDBType,
} from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { Binary, Field, RecordBatch, Schema, Struct, TimeUnit, Utf8, makeData } from 'apache-arrow';
import { typeKey } from '#lib/table/column.ts';
import type { Column } from './column.ts';
import { BooleanColumn, DecimalColumn, EnumColumn, StringColumn, fixed } from './flat.ts';
import { ArrayColumn, ListColumn, StructColumn, TextColumn } from './nested.ts';

/*
 * DuckDB's chunks of 2,048 rows gathered into Arrow record batches, bytes copied as they lie where both agree. The Arrow
 * types are those duckdb-wasm gives for the same query, so that a result is the same whichever engine made it; types that
 * lose something on that way (INTERVAL, TIMETZ, UHUGEINT, BIT, UNION, BIGNUM) travel as DuckDB's own text.
 */
export class BatchBuilder {
  readonly schema: Schema;
  private columns: Column[];
  private rows = 0;

  constructor(names: string[], types: DuckDBType[]) {
    this.columns = types.map(columnFor);
    this.schema = new Schema(names.map((name, index) => this.field(name, types[index]!, index)));
  }

  /** The first `count` rows of the chunk. */
  append(chunk: DuckDBDataChunk, count: number): void {
    const size = chunk.rowCount;
    this.columns.forEach((column, index) => {
      column.append({ vector: duckdb.data_chunk_get_vector(chunk.chunk, index), size }, 0, count);
    });
    this.rows += count;
  }

  get length(): number {
    return this.rows;
  }

  bytes(): number {
    return this.columns.reduce((sum, column) => sum + column.bytes(), 0);
  }

  take(): RecordBatch {
    const children = this.columns.map((column) => column.take());
    const data = makeData({ type: new Struct(this.schema.fields), length: this.rows, nullCount: 0, children });
    this.rows = 0;
    return new RecordBatch(this.schema, data);
  }

  private field(name: string, type: DuckDBType, index: number): Field {
    return new Field(name, this.columns[index]!.type, true, new Map([[typeKey, type.alias ?? type.toString()]]));
  }
}

function columnFor(type: DuckDBType): Column {
  return flatColumn(type) ?? nestedColumn(type) ?? new TextColumn(type);
}

function flatColumn(type: DuckDBType): Column | null {
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
      return new BooleanColumn();
    case DuckDBTypeId.TINYINT:
      return fixed.tinyint();
    case DuckDBTypeId.SMALLINT:
      return fixed.smallint();
    case DuckDBTypeId.INTEGER:
      return fixed.integer();
    case DuckDBTypeId.BIGINT:
      return fixed.bigint();
    case DuckDBTypeId.UTINYINT:
      return fixed.utinyint();
    case DuckDBTypeId.USMALLINT:
      return fixed.usmallint();
    case DuckDBTypeId.UINTEGER:
      return fixed.uinteger();
    case DuckDBTypeId.UBIGINT:
      return fixed.ubigint();
    case DuckDBTypeId.HUGEINT:
      return fixed.hugeint();
    case DuckDBTypeId.FLOAT:
      return fixed.float();
    case DuckDBTypeId.DOUBLE:
      return fixed.double();
    case DuckDBTypeId.DATE:
      return fixed.date();
    case DuckDBTypeId.TIME:
      return fixed.time();
    case DuckDBTypeId.TIME_NS:
      return fixed.timeNs();
    case DuckDBTypeId.TIMESTAMP:
      return fixed.timestamp();
    case DuckDBTypeId.TIMESTAMP_S:
      return fixed.timestamp(TimeUnit.SECOND);
    case DuckDBTypeId.TIMESTAMP_MS:
      return fixed.timestamp(TimeUnit.MILLISECOND);
    case DuckDBTypeId.TIMESTAMP_NS:
      return fixed.timestamp(TimeUnit.NANOSECOND);
    case DuckDBTypeId.TIMESTAMP_TZ:
      return fixed.timestampTz();
    case DuckDBTypeId.VARCHAR:
      return new StringColumn(new Utf8());
    case DuckDBTypeId.BLOB:
      return new StringColumn(new Binary());
    case DuckDBTypeId.DECIMAL:
      return decimalColumn(type as DuckDBDecimalType);
    case DuckDBTypeId.ENUM:
      return new EnumColumn((type as DuckDBEnumType).values);
    default:
      return null;
  }
}

function decimalColumn({ width, scale }: DuckDBDecimalType): Column {
  return width > 18 ? fixed.decimal128(width, scale) : new DecimalColumn(width, scale);
}

function nestedColumn(type: DuckDBType): Column | null {
  switch (type.typeId) {
    case DuckDBTypeId.LIST:
      return new ListColumn(columnFor((type as DuckDBListType).valueType), 'list');
    case DuckDBTypeId.MAP:
      return new ListColumn(entriesColumn(type as DuckDBMapType), 'map');
    case DuckDBTypeId.ARRAY:
      return new ArrayColumn(columnFor((type as DuckDBArrayType).valueType), (type as DuckDBArrayType).length);
    case DuckDBTypeId.STRUCT:
      return structColumn(type as DuckDBStructType);
    default:
      return null;
  }
}

function entriesColumn(type: DuckDBMapType): Column {
  return new StructColumn([
    { name: 'key', column: columnFor(type.keyType) },
    { name: 'value', column: columnFor(type.valueType) },
  ]);
}

function structColumn({ entryNames, entryTypes }: DuckDBStructType): Column {
  return new StructColumn(entryNames.map((name, index) => ({ name, column: columnFor(entryTypes[index]!) })));
}

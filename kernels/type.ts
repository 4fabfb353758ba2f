export { columnsOf, typeKey } from '#lib/table/column.ts';

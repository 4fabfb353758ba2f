'use client';
import { TableFacts } from '#components/connection/table-facts.tsx';
import { tableName } from '#components/connection/tree.ts';
import { insertAtCaret } from '#components/editor/insert.ts';
import { Button } from '#components/parts/button.tsx';
import { addCell } from './add-cell.ts';
import { useDesk, useHere, useMayEdit, useView } from './context.tsx';
import type { TableThere } from './desk.ts';

/** A table of a cluster, and what a notebook does with it: its name into the current cell, or a query of its own. */
export function ClusterTable({ there }: { there: TableThere }) {
  const { zone } = useHere();
  const mayEdit = useMayEdit();
  const { connection, ...table } = there;
  return <TableFacts connection={connection} table={table} zone={zone} acts={mayEdit && <TableActs there={there} />} />;
}

function TableActs({ there }: { there: TableThere }) {
  const { store, desk } = useHere();
  const current = useDesk((state) => state.current);
  const cell = useView((view) => view.cells.find((each) => each.cell.id === current)?.cell);
  const name = tableName([there.catalog, there.schema, there.name]);
  const query = () =>
    addCell(
      store,
      desk,
      { type: 'sql', engine: 'trino', connection: there.connection, source: `SELECT *\nFROM ${name}\nLIMIT 100` },
      current ? { after: current } : {},
    );
  return (
    <>
      {cell?.type === 'sql' && (
        <Button size="small" icon="corner-down-left" onClick={() => insertAtCaret(store, cell.id, name)}>
          Insert its name
        </Button>
      )}
      <Button size="small" icon="plus" onClick={query}>
        Query it below
      </Button>
    </>
  );
}

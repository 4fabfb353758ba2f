import { useEffect, useSyncExternalStore } from 'react';
import { useDesk, useHere, useMayEdit } from '#components/notebook/context.tsx';
import type { CellAdvice } from '#lib/client/notebook/advice.ts';
import type { Cell } from '#lib/notebook/cell.ts';

/** What the cluster says of a Trino cell's text before it runs; asked while the cell is the current one. */
export function useAdvice(cell: Cell): CellAdvice | null {
  const { advice, store } = useHere();
  const mayEdit = useMayEdit();
  const isAsked = useDesk((state) => state.current === cell.id) && cell.engine === 'trino' && mayEdit;
  useEffect(() => (isAsked ? advice.watch(store, cell.id) : undefined), [advice, store, cell.id, isAsked]);
  const read = () => advice.of(cell.id);
  const known = useSyncExternalStore(advice.subscribe, read, read);
  return cell.engine === 'trino' ? known : null;
}

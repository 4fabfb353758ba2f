'use client';
import { useEffect } from 'react';
import type { NotebookHere } from './context.tsx';

/** Tells TypeScript cells' editors which names the notebook has. */
export function useDeclarations(_: NotebookHere): void {
  useEffect(() => {}, []);
}

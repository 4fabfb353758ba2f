'use client';
import { useState } from 'react';
import { useFrame } from '#components/frame/use-layout.ts';
import { IconButton } from '#components/parts/icon-button.tsx';
import type { CatalogueTable, ConnectionView } from '#lib/connection/view.ts';
import { CatalogueTree } from './catalogue-tree.tsx';
import { TableFacts } from './table-facts.tsx';

/** Beside a connection: what it holds, and the chosen table. */
export function CataloguePanel({ connection, zone }: { connection: ConnectionView; zone: string }) {
  const { hidePanel } = useFrame();
  const [shown, setShown] = useState<CatalogueTable | null>(null);
  const { id, name, settings, user } = connection;
  return (
    <>
      <div className="tabs">
        <b className="on">Catalogue</b>
        <IconButton icon="x" label="Close panel" keys="shift+mod+\" onClick={hidePanel} />
      </div>
      <div className="panel-scroll">
        {user ? (
          <CatalogueTree
            connection={{ id, name, catalog: settings.catalog, schema: settings.schema }}
            shown={shown}
            onShow={setShown}
          />
        ) : (
          <p className="none pad">Give your account first: what a cluster shows depends on who asks.</p>
        )}
        {shown && <TableFacts connection={id} table={shown} zone={zone} brief />}
      </div>
    </>
  );
}

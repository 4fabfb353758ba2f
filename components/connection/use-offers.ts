import { useEffect, useState } from 'react';
import { catalogueApi } from '#lib/client/api/connections.ts';

export interface Offers {
  catalogs: readonly string[];
  schemas: readonly string[];
}

/** Names to choose from: catalogs the test found, or those of the saved connection; schemas of the saved one's catalog. */
export function useOffers(id: string | null, catalog: string, found: readonly string[]): Offers {
  const [kept, setKept] = useState<{ catalogs: string[]; schemas: Record<string, string[]> }>({
    catalogs: [],
    schemas: {},
  });
  useEffect(() => {
    let gone = false;
    if (!id) return;
    void catalogueApi(id)
      .catalogs()
      .then((answer) => answer.ok && !gone && setKept((now) => ({ ...now, catalogs: answer.value.items })));
    return () => {
      gone = true;
    };
  }, [id]);
  const isKnown = kept.catalogs.includes(catalog);
  useEffect(() => {
    let gone = false;
    if (!id || !isKnown) return;
    void catalogueApi(id)
      .schemas(catalog)
      .then(
        (answer) =>
          answer.ok &&
          !gone &&
          setKept((now) => ({ ...now, schemas: { ...now.schemas, [catalog]: answer.value.items } })),
      );
    return () => {
      gone = true;
    };
  }, [id, catalog, isKnown]);
  return { catalogs: found.length > 0 ? found : kept.catalogs, schemas: kept.schemas[catalog] ?? [] };
}

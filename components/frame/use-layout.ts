import { createContext, useContext, useMemo, useState, useSyncExternalStore } from 'react';
import { isShown, toggled, wideFrom, type Shown } from './layout.ts';

export interface Layout {
  wide: boolean;
  sideShown: boolean;
  panelShown: boolean;
  toggleSide(): void;
  togglePanel(): void;
  /** For what opens the panel: a chart's builder, a history. */
  showPanel(): void;
  hidePanel(): void;
  hideSide(): void;
}

const query = `(min-width: ${wideFrom}px)`;

function watchWidth(listener: () => void): () => void {
  const media = matchMedia(query);
  media.addEventListener('change', listener);
  return () => media.removeEventListener('change', listener);
}

export function useLayoutState(): Layout {
  const wide = useSyncExternalStore(
    watchWidth,
    () => matchMedia(query).matches,
    () => true,
  );
  const [side, setSide] = useState<Shown>('auto');
  const [panel, setPanel] = useState<Shown>('auto');
  return useMemo(
    () => ({
      wide,
      sideShown: isShown(side, wide),
      panelShown: isShown(panel, wide),
      toggleSide: () => setSide((now) => toggled(now, wide)),
      togglePanel: () => setPanel((now) => toggled(now, wide)),
      showPanel: () => setPanel('open'),
      hidePanel: () => setPanel('closed'),
      hideSide: () => setSide(wide ? 'closed' : 'auto'),
    }),
    [wide, side, panel],
  );
}

const nothing = () => {};
export const LayoutContext = createContext<Layout>({
  wide: true,
  sideShown: false,
  panelShown: false,
  toggleSide: nothing,
  togglePanel: nothing,
  showPanel: nothing,
  hidePanel: nothing,
  hideSide: nothing,
});

/** The frame around the caller. */
export function useFrame(): Layout {
  return useContext(LayoutContext);
}

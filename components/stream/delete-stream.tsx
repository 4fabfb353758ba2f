import type { StreamView } from '#lib/client/api/streams.ts';
import { DeleteDialog } from '#components/parts/delete-dialog.tsx';
import { whole } from '#components/parts/words.ts';

interface Given {
  view: StreamView;
  /** Jobs that read it. */
  readers: number;
  busy: boolean;
  problem: string | null;
  onDelete(): void;
  onClose(): void;
}

/** All events go for everybody. A job that reads it keeps it, which is said before. */
export function DeleteStream({ view, readers, ...rest }: Given) {
  return (
    <DeleteDialog {...rest} title={`Delete ${view.name} with its events?`} name={view.name}>
      <p>
        {whole(view.events)} events and the dead letters are gone for everyone; who pushes is refused from then on. This
        cannot be taken back.
      </p>
      {readers > 0 && (
        <p className="st-warn">
          {readers === 1 ? 'A real-time job reads' : `${readers} real-time jobs read`} it, so it stays until{' '}
          {readers === 1 ? 'that one is' : 'those are'} deleted.
        </p>
      )}
    </DeleteDialog>
  );
}

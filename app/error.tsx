'use client';
import { Button } from '#components/parts/button.tsx';
import { Notice } from '#components/parts/notice.tsx';
import { Door } from '#components/start/door.tsx';

export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <Door
      title="This page failed"
      asideLabel="What it means"
      aside={<Means />}
      status={<span>{error.digest ? `Error ${error.digest}` : 'Error'}</span>}
    >
      <div className="narrow">
        <Notice
          state="failed"
          acts={
            <Button size="small" onClick={reset}>
              Try again
            </Button>
          }
        >
          <b>The fault is ours.</b>{' '}
          <span className="sec">
            It was written to the log of the server{error.digest ? ` as ${error.digest}` : ''}.
          </span>
        </Notice>
      </div>
    </Door>
  );
}

function Means() {
  return (
    <section>
      <h2>Your work</h2>
      <p className="sec">
        What the status line called stored is stored. An edit of the last moment before the failure may be missing: look
        at the notebook before you go on.
      </p>
    </section>
  );
}

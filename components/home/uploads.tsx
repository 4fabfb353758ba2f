'use client';
import Link from 'next/link';
import { Button } from '#components/parts/button.tsx';
import { Notice } from '#components/parts/notice.tsx';
import { Progress } from '#components/parts/progress.tsx';
import { count, size } from '#components/parts/words.ts';

export interface UploadView {
  name: string;
  /** Bytes. */
  sent: number;
  of: number;
  state: 'sending' | 'storing' | 'stored' | 'refused';
  /** Why it was refused. */
  detail?: string;
  /** When stored. */
  id?: string;
  rows?: number;
}

interface Given {
  upload: UploadView | null;
  onStop(): void;
  onClose(): void;
}

/** A file on its way in, at the foot of the page where nothing is being read. */
export function Uploads({ upload, onStop, onClose }: Given) {
  return (
    <div className="uploads" role="status" aria-live="polite">
      {upload && (
        <div className="upload">
          {upload.state === 'refused' ? (
            <Refused upload={upload} onClose={onClose} />
          ) : upload.state === 'stored' ? (
            <Stored upload={upload} onClose={onClose} />
          ) : (
            <Sending upload={upload} onStop={onStop} />
          )}
        </div>
      )}
    </div>
  );
}

function Sending({ upload, onStop }: { upload: UploadView; onStop(): void }) {
  const [sent, of] = [size(upload.sent), size(upload.of)];
  const storing = upload.state === 'storing';
  return (
    <Progress
      label={upload.name}
      done={storing ? null : upload.sent / Math.max(1, upload.of)}
      acts={
        <Button kind="stop" size="small" icon="square" onClick={onStop}>
          Stop
        </Button>
      }
    >
      <span className="mut">
        {storing ? 'Sent; being read and stored' : `${sent.value} ${sent.unit} of ${of.value} ${of.unit}`}
      </span>
    </Progress>
  );
}

function Stored({ upload, onClose }: { upload: UploadView; onClose(): void }) {
  return (
    <Notice
      state="good"
      acts={
        <>
          <Link className="btn small" href={`/datasets/${upload.id}`}>
            Open
          </Link>
          <Button kind="bare" size="small" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      <b>{upload.name}</b> is stored{upload.rows === undefined ? '' : `: ${count(upload.rows, 'row')}`}.
    </Notice>
  );
}

function Refused({ upload, onClose }: { upload: UploadView; onClose(): void }) {
  return (
    <Notice
      state="failed"
      acts={
        <Button size="small" onClick={onClose}>
          Close
        </Button>
      }
    >
      <b>{upload.name} was not stored.</b> <span className="sec">{upload.detail}</span>
    </Notice>
  );
}

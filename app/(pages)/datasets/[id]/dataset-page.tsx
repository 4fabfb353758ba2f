'use client';
import { useState } from 'react';
import { Dataset, type DatasetGiven } from '#components/dataset/dataset.tsx';
import { LiveMark } from '#components/dataset/live-mark.tsx';
import { Describe } from '#components/dataset/describe.tsx';
import { Frame, type FrameGiven } from '#components/frame/frame.tsx';
import { crumbsIn } from '#components/frame/places.ts';
import { Button } from '#components/parts/button.tsx';
import { Dialog } from '#components/parts/dialog.tsx';
import { IconButton } from '#components/parts/icon-button.tsx';
import { Menu, type MenuItem } from '#components/parts/menu.tsx';
import { Notice } from '#components/parts/notice.tsx';
import { rowFormats } from '#lib/client/download.ts';
import { useDatasetActs } from './use-dataset.ts';
import { useLiveDataset, type DatasetHere } from './use-live-dataset.ts';

interface Given {
  frame: Pick<FrameGiven, 'me' | 'at' | 'waiting'> & { project: { id: string; name: string }; zone: string };
  dataset: DatasetHere;
  windows: DatasetGiven['windows'];
  job: DatasetGiven['job'];
  mayEdit: boolean;
}

export function DatasetPage({ frame, mayEdit, job, ...given }: Given) {
  const { dataset, windows, rows, facts, line } = useLiveDataset(given);
  const { problem, busy, acts } = useDatasetActs(dataset, mayEdit);
  const [asking, setAsking] = useState(false);
  const { project, zone } = frame;
  const mayDelete = mayEdit && dataset.jobId === null && dataset.kind !== 'events';
  return (
    <Frame
      {...frame}
      crumbs={crumbsIn(project, 'datasets', dataset.name)}
      acts={<Acts {...acts} busy={busy} mayEdit={mayEdit} onDelete={mayDelete ? () => setAsking(true) : null} />}
      status={dataset.kind === 'events' ? undefined : <LiveMark line={line} />}
    >
      {problem && <Notice state="failed">{problem}</Notice>}
      <Dataset
        dataset={dataset}
        job={job}
        windows={windows}
        zone={zone}
        rows={rows}
        facts={facts}
        edit={mayEdit && <Describe description={dataset.description} onSave={acts.describe} />}
      />
      <Dialog
        open={asking}
        title={`Delete ${dataset.name}?`}
        keep="Keep it"
        act="Delete"
        danger
        busy={busy}
        onAct={acts.remove}
        onClose={() => setAsking(false)}
      >
        Its {dataset.rows.toLocaleString('en-GB')} rows are gone for everyone in {project.name}. Notebooks and jobs that
        read it say that it is missing. This cannot be taken back.
      </Dialog>
    </Frame>
  );
}

type ActsGiven = ReturnType<typeof useDatasetActs>['acts'] & {
  busy: boolean;
  mayEdit: boolean;
  onDelete: (() => void) | null;
};

function Acts({ busy, mayEdit, download, query, onDelete }: ActsGiven) {
  const formats = rowFormats.map<MenuItem>((format) => ({
    label: `All rows as ${format.label}`,
    icon: 'download',
    onSelect: () => download(format),
  }));
  return (
    <>
      <Menu items={formats}>
        <Button kind="bare" size="small" icon="download" tight disabled={busy}>
          Export
        </Button>
      </Menu>
      {onDelete && (
        <Menu items={[{ label: 'Delete…', icon: 'trash-2', danger: true, onSelect: onDelete }]}>
          <IconButton icon="ellipsis" label="More" />
        </Menu>
      )}
      {mayEdit && (
        <Button kind="main" size="small" icon="notebook-text" keys="q" disabled={busy} onClick={query}>
          <span>
            Query<span className="wide"> in a notebook</span>
          </span>
        </Button>
      )}
    </>
  );
}

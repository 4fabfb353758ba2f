'use client';
import { Popover } from 'radix-ui';
import type { ReactNode } from 'react';
import { Button } from '#components/parts/button.tsx';
import { count, took, whole } from '#components/parts/words.ts';
import type { ClusterState } from '#kernels/kernel.ts';
import { isCounted, readWords } from './cluster-words.ts';
import { InTrino } from './running.tsx';
import { bytesWords } from './words.ts';

/** What a query cost, as its cluster says it, behind one button. */
export function ClusterFacts({ cluster, took: lasted }: { cluster: ClusterState; took: number | null }) {
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <Button kind="bare" size="small" className="cluster-b">
          {isCounted(cluster) ? (
            <>
              read <b>{readWords(cluster)}</b>
            </>
          ) : (
            'what it cost'
          )}
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="floating cluster-facts"
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label="What the query cost"
        >
          <dl className="kv">
            <Row label="Query">
              <span className="mono">{cluster.queryId}</span>
            </Row>
            <Row label="Rows read">{whole(cluster.scannedRows)}</Row>
            <Row label="Bytes read">{bytesWords(cluster.scannedBytes)}</Row>
            <Row label="CPU">{timeOf(cluster.cpu)}</Row>
            {lasted !== null && <Row label="Wall">{timeOf(lasted)}</Row>}
            <Row label="Queued">{timeOf(cluster.queued)}</Row>
            <Row label="Peak memory">{bytesWords(cluster.peakMemory)}</Row>
            <Row label="Splits">{whole(cluster.splits.total)}</Row>
            <Row label="On">{count(cluster.nodes, 'node')}</Row>
          </dl>
          {cluster.link && <InTrino link={cluster.link} />}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}

function timeOf(milliseconds: number): string {
  const { value, unit } = took(milliseconds);
  return `${value} ${unit}`;
}

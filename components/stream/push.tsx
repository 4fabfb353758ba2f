'use client';
import Link from 'next/link';
import { useState } from 'react';
import { Button } from '#components/parts/button.tsx';
import { useOrigin } from './use-origin.ts';

interface Given {
  stream: { id: string; eventTime: string; key: string[] };
  project: { name: string };
}

/** How events come in: each way ready to be copied, with the real address. */
export function HowToPush({ stream, project }: Given) {
  const origin = useOrigin();
  const ways = waysOf(origin, stream, project);
  return (
    <div className="push-ways">
      {ways.map((way) => (
        <Way key={way.title} {...way} />
      ))}
      <p className="mut">
        <span className="mono">LODESTAR_TOKEN</span> is a personal access token of someone who may edit the project:{' '}
        <Link className="link" href="/settings">
          Settings
        </Link>{' '}
        makes one. <span className="mono">npm link</span>, once in Lodestar’s folder, makes the command{' '}
        <span className="mono">lodestar</span>; <span className="mono">npm run</span> works there. An{' '}
        <span className="mono">Idempotency-Key</span> stores a batch once, however often it is sent.
      </p>
    </div>
  );
}

export interface WayGiven {
  title: string;
  clause: string;
  text: string;
}

export function Way({ title, clause, text }: WayGiven) {
  const [copied, setCopied] = useState(false);
  const copy = () =>
    navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <div className="way">
      <header>
        <b>{title}</b> <span className="mut">{clause}</span>
        <Button kind="bare" size="small" icon={copied ? 'check' : 'copy'} onClick={() => void copy()}>
          {copied ? 'Copied' : 'Copy'}
        </Button>
      </header>
      <pre tabIndex={0} aria-label={title}>
        {text}
      </pre>
    </div>
  );
}

/** What the simulated shop sends: only a stream of this form takes it. */
const shop = { eventTime: 'happened_at', key: 'event_id' };

export function waysOf(origin: string, { id, eventTime, key }: Given['stream'], project: Given['project']): WayGiven[] {
  const named = Object.fromEntries(key.map((each) => [each, 'e-1']));
  const event = { [eventTime]: '2026-11-21T14:02:11Z', ...named, page: '/' };
  const isShop = eventTime === shop.eventTime && (key.length === 0 || key.join() === shop.key);
  return [
    {
      title: 'HTTP',
      clause: 'one event a line',
      text: [
        `curl ${origin}/api/streams/${id}/events \\`,
        `  -H "Authorization: Bearer $LODESTAR_TOKEN" \\`,
        `  -H 'Content-Type: application/x-ndjson' \\`,
        `  -H 'Idempotency-Key: batch-1' \\`,
        `  --data-binary '${JSON.stringify(event)}'`,
      ].join('\n'),
    },
    {
      title: 'A script',
      clause: 'batches, tries again, goes on where it was',
      text: `export LODESTAR_URL=${origin}\nlodestar push ${id} < events.ndjson`,
    },
    {
      ...simulated(origin, isShop ? id : `${project.name}/shop_events`),
      clause: isShop ? 'a hundred events a second' : 'into a stream of its own, to try it with',
    },
  ];
}

/** `stream`: an id, or PROJECT/NAME, which is made where it is not there. */
export function simulated(origin: string, stream: string): WayGiven {
  const quoted = /^[\w./-]+$/.test(stream) ? stream : `"${stream}"`;
  return {
    title: 'A simulated shop',
    clause: 'a hundred events a second',
    text: `export LODESTAR_URL=${origin}\nnpm run simulate -- --stream ${quoted} --rate 100`,
  };
}

import type { Crumb } from '#components/frame/crumbs.tsx';
import type { FrameGiven } from '#components/frame/frame.tsx';

export type ConnectionFrame = Pick<FrameGiven, 'me' | 'at' | 'waiting'> & {
  project: { id: string; name: string };
  zone: string;
};

/** From the project down to one connection. */
export function crumbsTo({ id, name }: ConnectionFrame['project'], here: string): Crumb[] {
  return [
    { label: name, href: `/projects/${id}` },
    { label: 'Connections', href: `/projects/${id}/connections` },
    { label: here },
  ];
}

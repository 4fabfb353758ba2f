import { changes } from './changes.ts';
import { connections } from './connections.ts';
import { datasets } from './datasets.ts';
import { describing } from './description.ts';
import { events } from './events.ts';
import { health } from './health.ts';
import { invitations } from './invitations.ts';
import { jobs } from './jobs.ts';
import { members } from './members.ts';
import { notebooks } from './notebooks.ts';
import type { Operation } from './operation.ts';
import { projects } from './projects.ts';
import { promotions } from './promotions.ts';
import { query } from './query.ts';
import { session } from './session.ts';
import { setup } from './setup.ts';
import { streams } from './streams.ts';
import { tokens } from './tokens.ts';

/** The HTTP surface: all of it, and nothing else. A room adds its operations here, one import and one line. */
export const operations: Operation[] = [
  ...health,
  ...setup,
  ...session,
  ...tokens,
  ...projects,
  ...members,
  ...invitations,
  ...notebooks,
  ...datasets,
  ...streams,
  ...changes,
  ...query,
  ...connections,
  ...events,
  ...promotions,
  ...jobs,
  describing(() => operations),
];

import { getLodestar } from '#lib/server/lodestar.ts';

export const dynamic = 'force-dynamic';

// The whole surface is answered by the door of main.ts's module graph (lib/server/api/door.ts).
const handle = (request: Request) => getLodestar().api(request);

export {
  handle as DELETE,
  handle as GET,
  handle as HEAD,
  handle as OPTIONS,
  handle as PATCH,
  handle as POST,
  handle as PUT,
};

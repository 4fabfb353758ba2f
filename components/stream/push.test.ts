import { expect, test } from 'vitest';
import { waysOf } from './push.tsx';

const project = { name: 'My shop' };

test('events are sent with the fields the stream asks for, to its own address', () => {
  const [http, script, shop] = waysOf('http://127.0.0.1:3000', { id: 's1', eventTime: 'at', key: ['id'] }, project);
  expect(http!.text).toContain('curl http://127.0.0.1:3000/api/streams/s1/events');
  expect(http!.text).toContain('{"at":"2026-11-21T14:02:11Z","id":"e-1","page":"/"}');
  expect(script!.text).toContain('lodestar push s1 < events.ndjson');
  expect(shop!.text).toContain('--stream "My shop/shop_events"');
});

test('a stream of the shop’s form takes the simulated shop itself', () => {
  const ways = waysOf('http://x', { id: 's1', eventTime: 'happened_at', key: ['event_id'] }, project);
  expect(ways[2]!.text).toContain('--stream s1 --rate 100');
});

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

/** The baseline of Y1: what arrives is sent to everyone else, and nothing more. No rights, no store, no order. */
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
server.on('connection', (from) => {
  from.on('message', (data) => {
    for (const to of server.clients) if (to !== from && to.readyState === WebSocket.OPEN) to.send(data);
  });
});
await once(server, 'listening');
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
process.on('disconnect', () => process.exit());
process.send?.({ port: (server.address() as AddressInfo).port });

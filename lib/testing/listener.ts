import { createServer, type Server } from 'node:net';
import { createSocket, type Socket } from 'node:dgram';
import type { AddressInfo } from 'node:net';

/** A loopback address that hears TCP connections and UDP packets, for tests that nothing may reach it. */
export interface Listener {
  port: number;
  http: string;
  /** What was heard, first bytes as text. */
  heard: string[];
  close(): Promise<void>;
}

export async function openListener(): Promise<Listener> {
  const heard: string[] = [];
  const tcp = await listenTcp(heard);
  const { port } = tcp.address() as AddressInfo;
  const udp = await listenUdp(port, heard);
  const close = async () => {
    udp.close();
    await new Promise((resolve) => tcp.close(resolve));
  };
  return { port, http: `http://127.0.0.1:${port}`, heard, close };
}

async function listenTcp(heard: string[]): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', (bytes) => {
      heard.push(bytes.toString().split('\r\n')[0] ?? '');
      socket.end('HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function listenUdp(port: number, heard: string[]): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.on('message', () => heard.push('UDP'));
  await new Promise<void>((resolve) => socket.bind(port, '127.0.0.1', resolve));
  return socket;
}

import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** A proxy every byte of a browser goes through: it passes what is for one host on, and notes and refuses the rest. */
export interface Proxy {
  /** For Chromium, which else leaves loopback out. */
  flags: string[];
  /** What was asked of another host. */
  foreign: string[];
  /** Requests passed on. */
  passed(): number;
  close(): Promise<void>;
}

export async function openProxy(home: string): Promise<Proxy> {
  const { host } = new URL(home);
  const foreign: string[] = [];
  const sockets = new Set<Socket>();
  let passed = 0;
  const server = createServer((incoming, response) => {
    const to = new URL(incoming.url ?? '/', home);
    if (to.host !== host) return refuse(to.href, response);
    passed++;
    pass(incoming, to, response);
  });
  const refuse = (what: string, response: ServerResponse) => {
    foreign.push(what);
    response.writeHead(502).end();
  };
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('connect', (incoming, socket: Socket) => {
    if (incoming.url === host) return tunnel(host, socket);
    foreign.push(incoming.url ?? '');
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  const flags = [`--proxy-server=http://127.0.0.1:${port}`, '--proxy-bypass-list=<-loopback>'];
  return { flags, foreign, passed: () => passed, close };
}

function pass(incoming: IncomingMessage, to: URL, response: ServerResponse): void {
  const { method = 'GET', headers } = incoming;
  const outgoing = request(to, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.on('error', () => response.destroy());
  incoming.pipe(outgoing);
}

function tunnel(host: string, socket: Socket): void {
  const [name, port] = host.split(':');
  const out = connect(Number(port), name, () => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    out.pipe(socket);
    socket.pipe(out);
  });
  const end = () => {
    out.destroy();
    socket.destroy();
  };
  out.on('error', end).on('close', end);
  socket.on('error', end).on('close', end);
}

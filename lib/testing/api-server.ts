import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { admin } from './product.ts';

/** A server without pages (api-process.ts) that keeps its port over kills. */
export class ApiServer {
  url = '';
  private dataDir: string;
  private port = '0';
  private child: ChildProcess | null = null;

  constructor(dataDir: string) {
    this.dataDir = dataDir;
  }

  async start(): Promise<void> {
    const env = {
      ...process.env,
      PORT: this.port,
      DATA_DIR: this.dataDir,
      ADMIN_EMAIL: admin.email,
      ADMIN_PASSWORD: admin.password,
      LOG_LEVEL: 'warn',
    };
    const child = spawn(process.execPath, ['lib/testing/api-process.ts'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    for await (const line of createInterface(child.stdout)) {
      this.port = /^port (\d+)$/.exec(line)?.[1] ?? this.port;
      this.url = `http://127.0.0.1:${this.port}`;
      return;
    }
    throw new Error(`The server ended by itself:\n${complaint}`);
  }

  /** kill -9. */
  async kill(): Promise<void> {
    if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }
}

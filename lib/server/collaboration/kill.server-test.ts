import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startCollaboration } from '#lib/testing/collaboration-process.ts';
import { openPeer, type Peer } from '#lib/testing/peer.ts';
import { seeded, seedOfRun } from '#lib/testing/seed.ts';
import { typeUntil } from '#lib/testing/typist.ts';

const kills = Number(process.env.KILLS ?? 20);
const seed = seedOfRun();
const dataDir = await mkdtemp(join(tmpdir(), 'lodestar-kill-'));

afterAll(() => rm(dataDir, { recursive: true, force: true }));

// Typists start anew after each kill, so that nobody can bring back what the server lost.
test(
  `kill -9 at ${kills} random moments loses no acknowledged keystroke (SEED=${seed})`,
  { timeout: kills * 20_000 },
  async () => {
    const random = seeded(seed);
    const acknowledged = new Map<string, string>();
    let typed = 0;
    let notebookId = '';
    for (let round = 0; round <= kills; round += 1) {
      const server = await startCollaboration(dataDir, { compactRows: 10 });
      notebookId ||= await server.notebook();
      const peers = [0, 1, 2].map(() => openPeer({ ...server, notebookId }));
      await Promise.all(peers.map((peer) => peer.synced()));
      for (const [key, letters] of acknowledged)
        expect(peers[0]?.doc.getText(key).toString().startsWith(letters)).toBe(true);
      const gone = new AbortController();
      const typists = peers.map((peer, index) => type(peer, `${round}-${index}`, gone.signal));
      await new Promise((resolve) => setTimeout(resolve, random() * 250));
      await server.kill();
      gone.abort();
      typed += (await Promise.all(typists)).reduce((sum, count) => sum + count, 0);
      for (const peer of peers) peer.close();
    }
    console.log(`${kills} kills, ${typed} keystrokes typed, ${count(acknowledged)} acknowledged, none of those lost`);
    expect(count(acknowledged)).toBeGreaterThan(kills);

    async function type(peer: Peer, key: string, signal: AbortSignal): Promise<number> {
      return typeUntil(signal, peer, peer.doc.getText(key), (letters) => acknowledged.set(key, letters));
    }
  },
);

function count(acknowledged: Map<string, string>): number {
  return [...acknowledged.values()].reduce((sum, letters) => sum + letters.length, 0);
}

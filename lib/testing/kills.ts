import { startCollaboration } from './collaboration-process.ts';
import { openPeer } from './peer.ts';
import { typeUntil } from './typist.ts';

export interface Kills {
  typed: number;
  acknowledged: number;
  /** Texts that lack something acknowledged: what was promised, and what was found. */
  lost: { promised: string; found: string }[];
}

/**
 * Kills a collaboration server with -9, again and again, while three people type, and reads after each what is left.
 * Everyone starts anew after each kill, so nobody can bring back what the server lost.
 */
export async function killRepeatedly(kills: number, dataDir: string, random: () => number): Promise<Kills> {
  const promised = new Map<string, string>();
  const lost: Kills['lost'] = [];
  let typed = 0;
  let notebookId = '';
  for (let round = 0; round <= kills; round += 1) {
    const server = await startCollaboration(dataDir, { compactRows: 10 });
    notebookId ||= await server.notebook();
    const peers = [0, 1, 2].map(() => openPeer({ ...server, notebookId }));
    await Promise.all(peers.map((peer) => peer.synced()));
    for (const [key, letters] of promised) {
      const found = peers[0]?.doc.getText(key).toString() ?? '';
      if (!found.startsWith(letters)) lost.push({ promised: letters, found });
    }
    const gone = new AbortController();
    const typists = peers.map((peer, index) => {
      const key = `${round}-${index}`;
      return typeUntil(gone.signal, peer, peer.doc.getText(key), (letters) => promised.set(key, letters));
    });
    await new Promise((resolve) => setTimeout(resolve, random() * 250));
    await server.kill();
    gone.abort();
    typed += (await Promise.all(typists)).reduce((sum, count) => sum + count, 0);
    for (const peer of peers) peer.close();
  }
  const acknowledged = [...promised.values()].reduce((sum, letters) => sum + letters.length, 0);
  return { typed, acknowledged, lost };
}

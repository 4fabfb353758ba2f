/** What one socket, one person and one notebook may take. Bytes, milliseconds and counts. */
export interface Limits {
  /** A larger frame closes its socket. */
  frameBytes: number;
  /** A socket over its rate is not read until it has paid; nothing is lost. */
  framesPerSecond: number;
  frameBurst: number;
  bytesPerSecond: number;
  byteBurst: number;
  /** Yjs structs in one frame. */
  structs: number;
  /** A frame of more is tried in a worker thread first (trial.ts), so many at a time, each for so long. */
  quickStructs: number;
  trials: number;
  trialMs: number;
  /** Time a socket's updates may take of the process: ms a second, and at once. */
  workPerSecond: number;
  workBurst: number;
  /** JSON of one presence. */
  presenceBytes: number;
  /** Snapshot and log of one notebook; beyond it only removals are taken. */
  documentBytes: number;
  /** Updates of one room that wait for the store; beyond it its sockets are not read. */
  waitingBytes: number;
  /** Not yet read by the other end; beyond it the socket is closed and may come back. */
  outgoingBytes: number;
  /** Upgrades being authenticated at one time. */
  pendingUpgrades: number;
  socketsPerPerson: number;
  /** How long an empty room stays open, and how many of them. */
  graceMs: number;
  emptyRooms: number;
  /** A log this long, in rows or bytes, becomes a snapshot. */
  compactRows: number;
  compactBytes: number;
  /** How often every open socket's rights are read anew. */
  standingMs: number;
  /** How often title, editedAt and editedBy follow the document. */
  mirrorMs: number;
  pingMs: number;
}

const MiB = 2 ** 20;

export const defaultLimits: Limits = {
  frameBytes: MiB,
  framesPerSecond: 200,
  frameBurst: 600,
  bytesPerSecond: MiB / 2,
  byteBurst: 4 * MiB,
  structs: 100_000,
  quickStructs: 500,
  trials: 1,
  trialMs: 1000,
  workPerSecond: 50,
  workBurst: 2000,
  presenceBytes: 16 * 1024,
  documentBytes: 64 * MiB,
  waitingBytes: 8 * MiB,
  outgoingBytes: 16 * MiB,
  pendingUpgrades: 512,
  socketsPerPerson: 100,
  graceMs: 30_000,
  emptyRooms: 100,
  compactRows: 500,
  compactBytes: MiB,
  standingMs: 750,
  mirrorMs: 1000,
  pingMs: 30_000,
};

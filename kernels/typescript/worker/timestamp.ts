/** A TIMESTAMP: a Date that also remembers what lies below a millisecond. */
export class Timestamp extends Date {
  /** Nanoseconds since 1970, UTC. */
  private readonly exact: bigint;

  constructor(nanoseconds: bigint) {
    super(Number(nanoseconds / 1_000_000n) - (nanoseconds % 1_000_000n < 0n ? 1 : 0));
    this.exact = nanoseconds;
  }

  /** Nanoseconds since 1970, UTC; of the Date itself where somebody set it anew. */
  get nanoseconds(): bigint {
    const own = BigInt(this.getTime()) * 1_000_000n;
    const rest = this.exact - own;
    return rest >= 0n && rest < 1_000_000n ? this.exact : own;
  }
}

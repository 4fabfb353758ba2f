import type { LookupAddress } from 'node:dns';
import { lookup as resolve } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { refusalOf, type Exceptions } from '#lib/server/outbound/address.ts';
import { Recent } from '#lib/server/streams/recent.ts';
import { AddressRefused, checkedLookup, type Lookup } from '#lib/server/outbound/agent.ts';

/*
 * SECURITY 13. Which brokers this server connects to: those people named, and those that a cluster names as its own, which
 * are no more to be trusted. A name is resolved once and the socket goes to the address that was checked.
 */

export interface Address {
  host: string;
  port: number;
}

/** Names whose addresses are kept: a cluster may name others without an end. */
const mostKnown = 1000;

export class Gate {
  readonly lookup: LookupFunction;
  private exceptions: Exceptions;
  private isTls: boolean;
  private known = new Recent<string>(mostKnown);

  constructor(exceptions: Exceptions, isTls: boolean, lookup: Lookup = resolve as Lookup) {
    this.exceptions = exceptions;
    this.isTls = isTls;
    this.lookup = checkedLookup(exceptions, lookup) as LookupFunction;
  }

  /**
   * Where to connect to. Over TLS it stays a name, which the certificate is checked by; `lookup` is then what resolves it.
   * Throws AddressRefused, or what the resolver says.
   */
  async pass({ host, port }: Address): Promise<Address> {
    const bare = host.replace(/^\[|\]$/g, '');
    if (isIP(bare)) {
      const refusal = refusalOf(bare, bare, this.exceptions);
      if (refusal) throw new AddressRefused(refusal);
      return { host: bare, port };
    }
    if (this.isTls) return { host, port };
    const known = this.known.get(host) ?? (await this.resolved(host));
    this.known.set(host, known);
    return { host: known, port };
  }

  /** Names are resolved anew: a broker that does not answer may have moved. */
  forget(): void {
    this.known = new Recent(mostKnown);
  }

  private resolved(host: string): Promise<string> {
    return new Promise((done, failed) => {
      this.lookup(host, { all: true }, (error, addresses) =>
        error ? failed(error) : done((addresses as LookupAddress[])[0]!.address),
      );
    });
  }
}

import { lookup as resolve, type LookupAddress, type LookupOptions } from 'node:dns';
import { isIP } from 'node:net';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { noExceptions, refusalOf, type Exceptions } from './address.ts';
import { trusting } from './trust.ts';

/*
 * SECURITY 13. The only way this server calls addresses that people gave it. A name is resolved once, every address it has
 * is checked, and the socket goes to a checked one under the name's certificate, so that a name which answers otherwise the
 * second time gains nothing. It follows no redirect: whoever asks sees the 3xx.
 */

export interface OutboundOptions {
  exceptions?: Exceptions;
  /** PEM of an authority to trust beside the usual ones; '' or absent for none. */
  authority?: string;
  /** Sockets to one origin at a time. */
  connections?: number;
  /** For tests; the system's resolver unless told. */
  lookup?: Lookup;
}

export type Lookup = (
  host: string,
  options: LookupOptions & { all: true },
  answer: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** Calling an address that the rules forbid. Its message is for people. */
export class AddressRefused extends Error {
  override name = 'AddressRefused';
  readonly code = 'ADDRESS_REFUSED';
}

/** Close it when its requests are over. */
export function makeOutbound(options: OutboundOptions = {}): Dispatcher {
  const { exceptions = noExceptions, authority, connections = 16, lookup = resolve as Lookup } = options;
  const connectorOf = () =>
    buildConnector({
      timeout: 10_000,
      // HTTP/2 sessions of undici 8.12 throw where nobody can catch it when they have been idle, or are closed with the agent.
      allowH2: false,
      lookup: checkedLookup(exceptions, lookup),
      ...(authority ? { secureContext: trusting(authority) } : {}),
    } as buildConnector.BuildOptions);
  let connector: buildConnector.connector | null = null;
  return new Agent({
    connections,
    allowH2: false,
    connect(target, answer) {
      const refusal = refusalOfHost(target.hostname, exceptions);
      if (refusal) return answer(new AddressRefused(refusal), null);
      try {
        connector ??= connectorOf();
      } catch (error) {
        return answer(error as Error, null); // the authority is no PEM
      }
      connector(target, answer);
    },
  });
}

/** A host that is an address is never looked up, so it is checked here. */
function refusalOfHost(hostname: string, exceptions: Exceptions): string | null {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return isIP(bare) === 0 ? null : refusalOf(bare, bare, exceptions);
}

type NetLookup = (
  host: string,
  options: LookupOptions,
  answer: (error: Error | null, address: string | LookupAddress[], family?: number) => void,
) => void;

/** For a socket's `lookup`: gives no address that the rules forbid. A host that is an address is never looked up. */
export function checkedLookup(exceptions: Exceptions, lookup: Lookup): NetLookup {
  return (host, options, answer) => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error) return answer(error, []);
      const refusal = addresses.map(({ address }) => refusalOf(host, address, exceptions)).find(Boolean);
      if (refusal) return answer(new AddressRefused(refusal), []);
      const first = addresses[0];
      if (!first) return answer(new Error(`${host} has no address.`), []);
      if (options.all) answer(null, addresses);
      else answer(null, first.address, first.family);
    });
  };
}

import { BlockList, isIP } from 'node:net';

/*
 * SECURITY 13. Which addresses this server may call for people. Pure: an address and the operator's exceptions in, a reason
 * or null out. What is not plainly public is refused, and an address that answers for the machine itself (cloud metadata,
 * link-local) is let through only when an operator names it: `true` does not.
 */

/** What ALLOW_PRIVATE_ADDRESSES says. */
export interface Exceptions {
  /** Loopback and private ranges, all of them. */
  all: boolean;
  /** Names, in small letters: whatever they resolve to. */
  hosts: ReadonlySet<string>;
  /** Single addresses and ranges. */
  ranges: BlockList;
}

export const noExceptions: Exceptions = { all: false, hosts: new Set(), ranges: new BlockList() };

export type Kind = 'loopback' | 'private' | 'link-local' | 'metadata' | 'reserved' | 'multicast' | 'unspecified';

/** The first that matches is what an address is. */
const kinds: [Kind, string[]][] = [
  [
    'metadata',
    ['169.254.169.254/32', '169.254.170.2/32', '100.100.100.200/32', 'fd00:ec2::254/128', 'fe80::a9fe:a9fe/128'],
  ],
  ['unspecified', ['0.0.0.0/8', '::/128']],
  ['loopback', ['127.0.0.0/8', '::1/128']],
  ['link-local', ['169.254.0.0/16', 'fe80::/10']],
  ['private', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7', 'fec0::/10']],
  ['multicast', ['224.0.0.0/4', 'ff00::/8']],
  [
    'reserved',
    [
      '192.0.0.0/24',
      '192.0.2.0/24',
      '192.88.99.0/24',
      '198.18.0.0/15',
      '198.51.100.0/24',
      '203.0.113.0/24',
      '240.0.0.0/4',
      '64:ff9b:1::/48',
      '100::/64',
      '2001::/23',
      '2001:db8::/32',
      '2002::/16',
      '3fff::/20',
      '5f00::/16',
    ],
  ],
];

const blocks = kinds.map(([kind, ranges]) => [kind, blockOf(ranges)] as const);

/** What kind of address it is; null for a public one. An IPv4 address within an IPv6 one counts as the IPv4 one. */
export function kindOf(address: string): Kind | null {
  const plain = plainOf(address);
  return blocks.find(([, block]) => holds(block, plain))?.[0] ?? null;
}

/** Why the server must not connect to what a name resolved to; null when it may. */
export function refusalOf(host: string, address: string, exceptions: Exceptions): string | null {
  const kind = kindOf(address);
  if (kind === null || isAllowed(host, address, kind, exceptions)) return null;
  const shown = host === address ? host : `${host} (${address})`;
  return `${shown} is ${words[kind]}, which this server does not call.`;
}

function isAllowed(host: string, address: string, kind: Kind, exceptions: Exceptions): boolean {
  if (holds(exceptions.ranges, plainOf(address))) return true;
  if (kind === 'metadata') return false;
  if (exceptions.hosts.has(host.toLowerCase())) return true;
  return exceptions.all && (kind === 'loopback' || kind === 'private');
}

const words: Record<Kind, string> = {
  loopback: "this machine's own address",
  private: 'a private address',
  'link-local': 'a link-local address',
  metadata: "a cloud's metadata address",
  reserved: 'a reserved address',
  multicast: 'a multicast address',
  unspecified: 'no address of a host',
};

/** Reads `true`, `false`, or hosts, addresses and CIDR ranges between commas. Throws for what is none of them. */
export function readExceptions(setting: string): Exceptions {
  if (/^(true|1|yes|on)$/i.test(setting)) return { ...noExceptions, all: true };
  if (/^(false|0|no|off)?$/i.test(setting)) return noExceptions;
  const parts = setting
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter(Boolean);
  const isRange = (part: string) => isIP(part.split('/')[0]!) !== 0;
  const hosts = parts.filter((part) => !isRange(part));
  const wrong = hosts.find((host) => !/^[a-z0-9_]([a-z0-9._-]*[a-z0-9])?$/.test(host) || /^[\d.]+$/.test(host));
  if (wrong !== undefined) throw new Error(`${wrong} is no host, address or range`);
  return { all: false, hosts: new Set(hosts), ranges: blockOf(parts.filter(isRange)) };
}

function blockOf(ranges: string[]): BlockList {
  const block = new BlockList();
  for (const range of ranges) {
    const [address, bits] = range.split('/') as [string, string?];
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    const prefix = bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits);
    block.addSubnet(address, prefix, family);
  }
  return block;
}

function holds(block: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && block.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** IPv4 within IPv6 (mapped, compatible, NAT64, translated) as IPv4; a zone is left out. What is no address stays. */
function plainOf(address: string): string {
  const bare = address
    .replace(/^\[|\]$/g, '')
    .replace(/%.*$/, '')
    .toLowerCase();
  if (isIP(bare) !== 6) return bare;
  const groups = groupsOf(bare);
  const head = groups.slice(0, 6).join(':');
  const isEmbedded = ['0:0:0:0:0:ffff', '0:0:0:0:ffff:0', '64:ff9b:0:0:0:0', '0:0:0:0:0:0'].includes(head);
  const isOwn = head === '0:0:0:0:0:0' && groups[6] === '0' && ['0', '1'].includes(groups[7]!);
  return isEmbedded && !isOwn ? dotted(groups[6]!, groups[7]!) : bare;
}

/** The eight groups of an IPv6 address, as short hexadecimal. */
function groupsOf(address: string): string[] {
  const [canonical] = [new URL(`http://[${address}]/`).hostname.slice(1, -1)];
  const [left, right] = canonical.split('::') as [string, string?];
  const of = (part: string | undefined) => (part ? part.split(':') : []);
  const missing = right === undefined ? 0 : 8 - of(left).length - of(right).length;
  return [...of(left), ...Array<string>(missing).fill('0'), ...of(right)];
}

function dotted(high: string, low: string): string {
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [a >> 8, a & 255, b >> 8, b & 255].join('.');
}

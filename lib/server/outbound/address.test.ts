import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kindOf, noExceptions, readExceptions, refusalOf } from './address.ts';

describe('kindOf', () => {
  it.each([
    ['8.8.8.8', null],
    ['2606:4700:4700::1111', null],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['::1', 'loopback'],
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'unspecified'],
    ['::', 'unspecified'],
    ['10.1.2.3', 'private'],
    ['172.16.0.1', 'private'],
    ['172.32.0.1', null],
    ['192.168.255.255', 'private'],
    ['100.64.0.1', 'private'],
    ['fd12:3456::1', 'private'],
    ['169.254.0.1', 'link-local'],
    ['fe80::1%eth0', 'link-local'],
    ['169.254.169.254', 'metadata'],
    ['169.254.170.2', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['fd00:ec2::254', 'metadata'],
    ['224.0.0.1', 'multicast'],
    ['ff02::1', 'multicast'],
    ['255.255.255.255', 'reserved'],
    ['192.0.2.1', 'reserved'],
    ['2001:db8::1', 'reserved'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['::ffff:169.254.169.254', 'metadata'],
    ['::ffff:8.8.8.8', null],
    ['::10.0.0.1', 'private'],
    ['64:ff9b::a00:1', 'private'],
    ['64:ff9b::808:808', null],
    ['2002:7f00:1::', 'reserved'],
    ['[::1]', 'loopback'],
  ])('%s is %s', (address, kind) => {
    expect(kindOf(address)).toBe(kind);
  });

  it('an IPv4 address is what it is, however it is written within IPv6', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(kindOf(`::ffff:${address}`)).toBe(kindOf(address));
        expect(kindOf(`64:ff9b::${address}`)).toBe(kindOf(address));
      }),
    );
  });
});

describe('refusalOf', () => {
  it('names the host, its address and what it is', () => {
    expect(refusalOf('trino.example', '10.0.0.7', noExceptions)).toBe(
      'trino.example (10.0.0.7) is a private address, which this server does not call.',
    );
    expect(refusalOf('trino.example', '8.8.8.8', noExceptions)).toBeNull();
  });

  it('true lets private and loopback through, and nothing that answers for the machine', () => {
    const all = readExceptions('true');
    expect(refusalOf('a', '127.0.0.1', all)).toBeNull();
    expect(refusalOf('a', 'fd00::1', all)).toBeNull();
    expect(refusalOf('a', '169.254.169.254', all)).toContain('metadata');
    expect(refusalOf('a', '::ffff:169.254.169.254', all)).toContain('metadata');
    expect(refusalOf('a', '169.254.1.1', all)).toContain('link-local');
    expect(refusalOf('a', '0.0.0.0', all)).toContain('no address');
  });

  it('a host that is named is let through, and no other', () => {
    const exceptions = readExceptions('trino.internal, localhost');
    expect(refusalOf('Trino.Internal', '10.0.0.7', exceptions)).toBeNull();
    expect(refusalOf('localhost', '127.0.0.1', exceptions)).toBeNull();
    expect(refusalOf('other.internal', '10.0.0.7', exceptions)).not.toBeNull();
    expect(refusalOf('trino.internal', '169.254.169.254', exceptions)).not.toBeNull();
  });

  it('a range that is named is let through, whatever the host', () => {
    const exceptions = readExceptions('10.0.0.0/24,169.254.169.254,fd00::/8');
    expect(refusalOf('a', '10.0.0.7', exceptions)).toBeNull();
    expect(refusalOf('a', '::ffff:10.0.0.7', exceptions)).toBeNull();
    expect(refusalOf('a', '10.0.1.7', exceptions)).not.toBeNull();
    expect(refusalOf('a', 'fd12::1', exceptions)).toBeNull();
    expect(refusalOf('a', '169.254.169.254', exceptions)).toBeNull();
  });
});

describe('readExceptions', () => {
  it.each(['', 'false', 'no', '0'])('%j allows nothing', (setting) => {
    expect(refusalOf('a', '127.0.0.1', readExceptions(setting))).not.toBeNull();
  });

  it.each(['10.0.0.0/99', 'http://x', '10.0.0', 'a b', '*'])('%j is refused', (setting) => {
    expect(() => readExceptions(setting)).toThrow();
  });
});

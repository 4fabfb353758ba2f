import { describe, expect, it } from 'vitest';
import { withoutPort, withPort } from './port.ts';

describe('a port in the address', () => {
  it('fills its own field digit by digit, and leaves the address when that is done', () => {
    const typed = ['https://trino.example.net:8', 'https://trino.example.net:84', 'https://trino.example.net:8443'];
    expect(typed.map((each) => withPort(each))).toEqual([
      { host: typed[0], port: '8' },
      { host: typed[1], port: '84' },
      { host: typed[2], port: '8443' },
    ]);
    expect(withoutPort(typed[2]!)).toBe('https://trino.example.net');
  });

  it.each([
    ['trino.example.net:8080', 'trino.example.net', '8080'],
    ['http://10.1.2.3:80/', 'http://10.1.2.3', '80'],
    ['https://[fd00::1]:8443', 'https://[fd00::1]', '8443'],
  ])('is found in %s', (typed, host, port) => {
    expect(withPort(typed).port).toBe(port);
    expect(withoutPort(typed)).toBe(host);
  });

  it.each(['https://', 'https://trino.example.net', 'https://trino.example.net:8443/ui/', '[fd00::1]', ''])(
    'is none in %j',
    (typed) => {
      expect(withPort(typed)).toEqual({ host: typed });
      expect(withoutPort(typed)).toBe(typed);
    },
  );
});

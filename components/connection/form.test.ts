import { describe, expect, it } from 'vitest';
import { addressOf, emptyForm, formOf, isSameReach, readForm, takesOwn, type ConnectionForm } from './form.ts';

const right: Partial<ConnectionForm> = {
  name: 'lake_eu',
  host: 'https://trino.example.net',
  port: '8443',
  account: 'svc_lodestar',
  secret: 'hush',
};
const read = (change: Partial<ConnectionForm> = {}, isKept = false) =>
  readForm({ ...emptyForm(), ...right, ...change }, isKept);
const problemsOf = (change: Partial<ConnectionForm>, isKept = false) => {
  const answer = read(change, isKept);
  return answer.ok ? {} : answer.problems;
};

describe('the form of a connection', () => {
  it('becomes what the server takes', () => {
    const answer = read({ session: 'query_max_run_time=10m, hive.x=1', exceptions: 'mei@shop.example = mei_l' });
    expect(answer.ok && answer.input).toMatchObject({
      name: 'lake_eu',
      url: 'https://trino.example.net:8443',
      secret: 'hush',
      settings: {
        session: { query_max_run_time: '10m', 'hive.x': '1' },
        identity: {
          kind: 'service',
          account: 'svc_lodestar',
          becomes: 'local-part',
          exceptions: { 'mei@shop.example': 'mei_l' },
        },
        limits: { rows: 100_000, scanBytes: null, time: 600, perPerson: 3, together: 20, cache: 600 },
      },
    });
  });

  it('comes back from what is kept as it was, without the secret', () => {
    const answer = read({ scanGB: '100', writes: 'iceberg.lodestar', catalog: 'iceberg', schema: 'shop' });
    if (!answer.ok) throw new Error('it should be right');
    const again = readForm(formOf(answer.input), true);
    const { secret: _, ...kept } = answer.input;
    expect(again).toEqual({ ok: true, input: kept });
  });

  it('an edit without a typed secret keeps the kept one; without a kept one it asks', () => {
    const kept = read({ secret: '' }, true);
    expect(kept.ok && 'secret' in kept.input).toBe(false);
    expect(problemsOf({ secret: '' })).toHaveProperty('secret');
  });

  it('a cluster without passwords takes none along', () => {
    const answer = read({ kind: 'none', account: '' });
    expect(answer.ok && answer.input.secret).toBeNull();
  });

  it('where each person has an account, it is tried with one’s own', () => {
    const answer = read({ kind: 'person', account: 'mei' });
    expect(answer.ok && answer.input).toMatchObject({ secret: null, own: { account: 'mei', secret: 'hush' } });
    expect(problemsOf({ kind: 'person', account: '', secret: '' })).toHaveProperty('account');
    expect(problemsOf({ kind: 'person', account: '', secret: '' }, true)).toEqual({});
  });

  it('an authority that is no PEM says so', () => {
    expect(problemsOf({ authority: 'nonsense' })).toHaveProperty('authority');
  });

  it('a kept password serves the same address, authority and account only', () => {
    const kept = { ...emptyForm(), ...right };
    expect(isSameReach({ ...kept, name: 'other', rows: '5' }, kept)).toBe(true);
    for (const change of [{ host: 'https://else.example' }, { port: '1' }, { account: 'b' }, { authority: 'x' }])
      expect(isSameReach({ ...kept, ...change }, kept)).toBe(false);
  });

  it('one’s own account is typed once: here before it is kept and at another address, by itself otherwise', () => {
    const kept = { ...emptyForm(), ...right, account: '', secret: '', kind: 'person' as const };
    expect(takesOwn(kept, null)).toBe(true);
    expect(takesOwn(kept, kept)).toBe(false);
    expect(takesOwn({ ...kept, rows: '5' }, kept)).toBe(false);
    expect(takesOwn({ ...kept, port: '1' }, kept)).toBe(true);
    expect(takesOwn(kept, { ...kept, kind: 'service' })).toBe(true);
    expect(takesOwn({ ...kept, kind: 'service' }, kept)).toBe(false);
  });

  it.each<[Partial<ConnectionForm>, string]>([
    [{ name: 'Lake EU' }, 'name'],
    [{ host: '' }, 'host'],
    [{ host: 'ftp://x' }, 'host'],
    [{ host: 'http://' }, 'host'],
    [{ host: 'https://trino.example.net/ui' }, 'host'],
    [{ host: 'https://mei:hush@trino.example.net' }, 'host'],
    [{ port: '99999' }, 'port'],
    [{ account: ' ' }, 'account'],
    [{ session: 'query_max_run_time' }, 'session'],
    [{ session: '9x=1' }, 'session'],
    [{ exceptions: 'mei@shop.example' }, 'exceptions'],
    [{ schema: 'shop' }, 'catalog'],
    [{ writes: 'iceberg' }, 'writes'],
    [{ scanGB: '-1' }, 'scanGB'],
    [{ minutes: '0' }, 'minutes'],
    [{ rows: '1.5' }, 'rows'],
    [{ perPerson: '' }, 'perPerson'],
    [{ cacheMinutes: 'x' }, 'cacheMinutes'],
  ])('says at its field what is wrong with %j', (change, field) => {
    expect(Object.keys(problemsOf(change))).toEqual([field]);
  });

  it('an address without a scheme is https, and its port is the field’s', () => {
    expect(addressOf({ host: 'trino.example.net', port: '' })).toBe('https://trino.example.net');
    expect(addressOf({ host: 'http://127.0.0.1:8080/', port: '8085' })).toBe('http://127.0.0.1:8085');
  });
});

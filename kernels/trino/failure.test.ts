import { describe, expect, it } from 'vitest';
import { toFailure } from './failure.ts';
import { fromAnswer, fromForeign, fromNetwork, fromRedirect } from './unreachable.ts';

const said = (errorName: string, message: string, errorType = 'USER_ERROR') => ({
  errorName,
  errorType,
  message,
  errorLocation: null,
});

describe('what Trino says', () => {
  it.each([
    [
      'SYNTAX_ERROR',
      "line 1:8: mismatched input 'FROM'. Expecting: '*', <expression>",
      'syntax',
      'FROM cannot stand here.',
    ],
    [
      'SYNTAX_ERROR',
      "line 2:3: mismatched input '<EOF>'. Expecting: <expression>",
      'syntax',
      'The text ends too early.',
    ],
    ['COLUMN_NOT_FOUND', "line 1:8: Column 'o.nope' cannot be resolved", 'unknown-name', 'There is no column o.nope.'],
    ['TABLE_NOT_FOUND', "line 1:15: Table 'a.b.c' does not exist", 'unknown-name', 'There is no table a.b.c.'],
    ['SCHEMA_NOT_FOUND', "line 1:15: Schema 'b' does not exist", 'unknown-name', 'There is no schema b.'],
    ['CATALOG_NOT_FOUND', "line 1:15: Catalog 'a' not found", 'unknown-name', 'There is no catalog a.'],
    ['FUNCTION_NOT_FOUND', "line 1:8: Function 'cuont' not registered", 'unknown-name', 'There is no function cuont.'],
    [
      'TYPE_MISMATCH',
      'line 1:8: Cannot apply operator: integer + varchar(1)',
      'syntax',
      'Cannot apply operator: integer + varchar(1).',
    ],
    ['DIVISION_BY_ZERO', 'Division by zero', 'runtime', 'Division by zero.'],
    [
      'PERMISSION_DENIED',
      'Access Denied: Cannot select from table a.b.c',
      'refused',
      'Access Denied: Cannot select from table a.b.c.',
    ],
    [
      'READ_ONLY_VIOLATION',
      'Cannot execute write in a read-only transaction',
      'refused',
      'The cluster refused to write: queries of cells only read.',
    ],
    [
      'NOT_SUPPORTED',
      'This connector does not support inserts',
      'unsupported',
      'This connector does not support inserts.',
    ],
    ['USER_CANCELED', 'Query was canceled', 'cancelled', 'The query was stopped on the cluster.'],
    ['', '', 'runtime', 'The query failed (for no reason given).'],
  ])('%s: %s', (name, message, code, words) => {
    expect(toFailure(said(name, message))).toMatchObject({ code, message: words });
  });

  it.each([
    ['EXCEEDED_TIME_LIMIT', 'INSUFFICIENT_RESOURCES', 'timeout'],
    ['EXCEEDED_GLOBAL_MEMORY_LIMIT', 'INSUFFICIENT_RESOURCES', 'memory'],
    ['CLUSTER_OUT_OF_MEMORY', 'INSUFFICIENT_RESOURCES', 'memory'],
    ['QUERY_QUEUE_FULL', 'INSUFFICIENT_RESOURCES', 'refused'],
    ['ADMINISTRATIVELY_KILLED', 'USER_ERROR', 'cancelled'],
    ['NO_NODES_AVAILABLE', 'INTERNAL_ERROR', 'lost'],
    ['REMOTE_HOST_GONE', 'INTERNAL_ERROR', 'lost'],
    ['SERVER_SHUTTING_DOWN', 'INTERNAL_ERROR', 'lost'],
    ['GENERIC_INTERNAL_ERROR', 'INTERNAL_ERROR', 'runtime'],
    ['ICEBERG_BAD_DATA', 'EXTERNAL', 'runtime'],
  ])('%s of %s is %s', (name, type, code) => {
    expect(toFailure(said(name, 'words', type)).code).toBe(code);
  });

  it('keeps the engine’s name for it, without a place that means nothing to people', () => {
    expect(toFailure(said('COLUMN_NOT_FOUND', "line 4:3: Column 'a' cannot be resolved")).detail).toBe(
      "COLUMN_NOT_FOUND: Column 'a' cannot be resolved",
    );
  });
});

describe('what stands between', () => {
  const url = new URL('https://trino.example:8443');
  const coded = (code: string, message = code) =>
    new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) });

  it.each([
    ['ENOTFOUND', 'lost', 'The name trino.example is not known.'],
    ['ECONNREFUSED', 'lost', 'Nothing listens on trino.example:8443.'],
    ['UND_ERR_CONNECT_TIMEOUT', 'lost', 'trino.example:8443 cannot be reached.'],
    [
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'refused',
      'The certificate of trino.example:8443 is signed by nobody this server trusts.',
    ],
    [
      'SELF_SIGNED_CERT_IN_CHAIN',
      'refused',
      'The certificate of trino.example:8443 is signed by nobody this server trusts.',
    ],
    ['CERT_HAS_EXPIRED', 'refused', 'The certificate of trino.example:8443 has expired.'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'refused', 'The certificate is not for trino.example.'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'lost', 'trino.example:8443 does not speak TLS.'],
    ['HPE_INVALID_CONSTANT', 'lost', 'trino.example:8443 does not speak HTTP.'],
    ['UND_ERR_HEADERS_TIMEOUT', 'lost', 'trino.example:8443 took the request and fell silent.'],
    ['WHATEVER', 'lost', 'trino.example:8443 does not answer.'],
  ])('%s', (code, kind, words) => {
    expect(fromNetwork(coded(code), url)).toMatchObject({
      code: kind,
      message: words,
      hint: expect.any(String) as unknown,
    });
  });

  it('plain HTTP to a port that speaks TLS is told by the words of the parser, which has no code for it', () => {
    const error = new Error('Response does not match the HTTP/1.1 protocol (Expected HTTP/, RTSP/ or ICE/)');
    expect(fromNetwork(error, url)).toMatchObject({ message: 'trino.example:8443 does not speak HTTP.' });
  });

  it('an address that is refused says so itself, and who may allow it', () => {
    const error = Object.assign(new Error('10.0.0.1 is a private address.'), { code: 'ADDRESS_REFUSED' });
    expect(fromNetwork(error, url)).toMatchObject({ code: 'refused', message: '10.0.0.1 is a private address.' });
  });

  it('an answer that is none of Trino’s is told without its markup', () => {
    const page = '<html><script>steal()</script><body><h1>Sign in</h1></body></html>';
    expect(fromAnswer(200, 'text/html', page, url, true)).toMatchObject({
      code: 'refused',
      detail: 'HTTP 200, text/html: Sign in',
    });
  });

  it.each([
    [401, true, 'does not accept'],
    [401, false, 'wants a sign-in'],
    [403, true, 'forbids'],
    [407, true, 'proxy'],
    [500, true, 'has failed (500)'],
  ])('%i, with an account: %s', (status, hasSecret, words) => {
    expect(fromAnswer(status, '', '', url, hasSecret).message).toContain(words);
  });

  it('addresses that lead elsewhere are named by their origin alone', () => {
    expect(fromRedirect('https://sso.example/?token=secret', url).message).not.toContain('secret');
    expect(fromForeign('https://evil.example/v1?x=secret', url).message).not.toContain('secret');
  });
});

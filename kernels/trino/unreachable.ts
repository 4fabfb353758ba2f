import type { KernelError } from '#kernels/kernel.ts';
import { codesOf } from './retry.ts';

/*
 * What stands between us and the cluster, in words: names, sockets, certificates, sign-in, proxies. Nothing here holds a
 * secret: neither headers nor the text that was sent.
 */

/** A request that got no answer. */
export function fromNetwork(error: unknown, url: URL): KernelError {
  const codes = codesOf(error);
  const detail = detailOf(error);
  const known = network.find(([names]) =>
    names.some((name) => codes.some((code) => code.startsWith(name)) || detail.includes(name)),
  );
  const [, make] = known ?? [[], silent];
  return { ...make(url, detail), detail };
}

/** An answer that is none of Trino's. `body` is its beginning. */
export function fromAnswer(status: number, type: string, body: string, url: URL, hasSecret: boolean): KernelError {
  const detail = `HTTP ${status}${type === '' ? '' : `, ${type}`}${plain(body)}`;
  return { ...ofStatus(status, url, hasSecret), detail };
}

/** A 3xx: redirects are shown, never followed. */
export function fromRedirect(location: string | undefined, url: URL): KernelError {
  const to = location && URL.canParse(location, url) ? new URL(location, url) : null;
  return {
    code: 'refused',
    message: `${url.host} sends elsewhere${to ? `, to ${to.origin}` : ''}; that is not followed.`,
    hint: "Make the connection's address the one the coordinator itself answers on.",
  };
}

/** An address in an answer that leads to another origin. */
export function fromForeign(given: string, url: URL): KernelError {
  const foreign = URL.canParse(given) ? new URL(given) : null;
  const isPlain = foreign?.protocol === 'http:' && url.protocol === 'https:' && foreign.hostname === url.hostname;
  return {
    code: 'refused',
    message: `The cluster gave the next page's address on ${foreign?.origin ?? 'no origin'}, not on ${url.origin}; nothing is sent there.`,
    hint: isPlain
      ? 'It stands behind a proxy that ends TLS: set http-server.process-forwarded=true on the coordinator and let the proxy send X-Forwarded-Proto.'
      : "Make the connection's address the one the coordinator names itself by, or set http-server.process-forwarded=true where a proxy stands before it.",
  };
}

type Words = (url: URL, detail: string) => KernelError;

const lost = (message: string, hint: string): KernelError => ({ code: 'lost', message, hint });
const refused = (message: string, hint: string): KernelError => ({ code: 'refused', message, hint });

const silent: Words = (url) =>
  lost(`${url.host} does not answer.`, 'Run it again; if it stays so, ask who runs the cluster.');

const network: [string[], Words][] = [
  [
    ['ADDRESS_REFUSED'],
    (_url, detail) => refused(detail, 'An operator of this server can allow it with ALLOW_PRIVATE_ADDRESSES.'),
  ],
  [['ENOTFOUND', 'EAI_AGAIN'], (url) => lost(`The name ${url.hostname} is not known.`, "Check the connection's host.")],
  [
    ['ECONNREFUSED'],
    (url) =>
      lost(`Nothing listens on ${url.host}.`, "Check the connection's host and port, and that the cluster runs."),
  ],
  [
    ['UND_ERR_CONNECT_TIMEOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'],
    (url) => lost(`${url.host} cannot be reached.`, 'Check the host, the port and the firewalls between.'),
  ],
  [
    [
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'UNABLE_TO_GET_ISSUER_CERT',
    ],
    (url) =>
      refused(
        `The certificate of ${url.host} is signed by nobody this server trusts.`,
        "Paste the PEM of the authority that signed it into the connection's certificate authority.",
      ),
  ],
  [
    ['CERT_HAS_EXPIRED'],
    (url) => refused(`The certificate of ${url.host} has expired.`, 'Ask who runs the cluster to renew it.'),
  ],
  [
    ['CERT_NOT_YET_VALID'],
    (url) =>
      refused(
        `The certificate of ${url.host} is not valid yet.`,
        'Check the clocks of the cluster and of this server.',
      ),
  ],
  [
    ['ERR_TLS_CERT_ALTNAME_INVALID'],
    (url) =>
      refused(
        `The certificate is not for ${url.hostname}.`,
        "Make the connection's host a name the certificate holds.",
      ),
  ],
  [
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'EPROTO', 'wrong version number'],
    (url) =>
      lost(
        `${url.host} does not speak TLS.`,
        "Its address may begin with http:// instead, or the port may be another one's.",
      ),
  ],
  [
    ['HPE_', 'Response does not match the HTTP/1.1 protocol'],
    (url) => lost(`${url.host} does not speak HTTP.`, 'Its address may begin with https:// instead.'),
  ],
  [
    ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'],
    (url) =>
      lost(`${url.host} took the request and fell silent.`, 'Run it again; if it stays so, ask who runs the cluster.'),
  ],
  [
    ['ECONNRESET', 'UND_ERR_SOCKET', 'EPIPE'],
    (url) =>
      lost(
        `${url.host} broke off the connection.`,
        'Run it again; it may have been restarted. A plain http:// to a TLS port ends like this too.',
      ),
  ],
];

function ofStatus(status: number, url: URL, hasSecret: boolean): KernelError {
  switch (status) {
    case 401:
      return hasSecret
        ? refused(
            'The cluster does not accept the account and password or token of this connection.',
            'Give them anew.',
          )
        : refused('The cluster wants a sign-in, and this connection has none.', 'Add an account to the connection.');
    case 403:
      return refused(
        'The cluster forbids this.',
        'Where an account acts for people, the cluster needs an impersonation rule for it.',
      );
    case 404:
    case 410:
      return lost(
        'The cluster does not know this query, or there is no Trino at this address.',
        'Run it again, and check the connection.',
      );
    case 407:
      return refused('A proxy on the way wants a sign-in.', 'Let the proxy pass this server through.');
  }
  if (status === 429) return lost('The cluster has too much to do.', 'Run it again later.');
  if (status >= 500)
    return lost(`${url.host} has failed (${status}).`, 'Run it again; if it stays so, ask who runs the cluster.');
  return refused(
    `What answers at ${url.host} is not Trino.`,
    "Make the connection's address the coordinator's own, like https://trino.example:8443.",
  );
}

/** The beginning of a text answer; nothing of a page's markup. */
function plain(body: string): string {
  const text = body
    .slice(0, 2000)
    .replaceAll(/<(script|style)[^]*?<\/\1>|<[^>]*>/gi, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return text === '' ? '' : `: ${text.slice(0, 300)}`;
}

function detailOf(error: unknown): string {
  const inner = error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0] : error;
  if (!(inner instanceof Error)) return String(inner);
  return inner.message || (inner.cause instanceof Error ? inner.cause.message : inner.name);
}

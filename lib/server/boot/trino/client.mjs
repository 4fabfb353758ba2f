import http from 'node:http';
import https from 'node:https';

/*
 * As much of Trino's protocol as it takes to see that a cluster answers. Not the product's client.
 */

/**
 * @typedef {object} Address
 * @property {string} url `http://127.0.0.1:8080`, without a path
 * @property {string} [ca] the certificate to trust, as PEM
 * @property {string} [user]
 * @property {string} [password]
 */

/** What the node says about itself: `{ starting, … }`. @param {Address} address */
export function info(address) {
  return request(address, 'GET', `${address.url}/v1/info`);
}

/** The rows of a statement. Throws what Trino says. @param {Address} address @param {string} sql @returns {Promise<any[][]>} */
export async function query(address, sql) {
  const rows = [];
  let page = await request(address, 'POST', `${address.url}/v1/statement`, sql);
  while (true) {
    if (page.error) throw new Error(page.error.message);
    rows.push(...(page.data ?? []));
    if (!page.nextUri) return rows;
    page = await request(address, 'GET', page.nextUri);
  }
}

function request({ user = 'lodestar', password, ca }, method, url, body) {
  const { request } = url.startsWith('https:') ? https : http;
  const headers = { 'X-Trino-User': user, ...(password && { authorization: basic(user, password) }) };
  return new Promise((resolve, reject) => {
    const call = request(url, { method, ca, headers, timeout: 10_000 }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve(JSON.parse(text));
        else
          reject(
            new Error(`${method} ${new URL(url).pathname} answered ${response.statusCode}: ${text.slice(0, 500)}`),
          );
      });
    });
    call.on('timeout', () => call.destroy(new Error(`${method} ${url} had no answer within 10 s`)));
    call.on('error', reject);
    call.end(body);
  });
}

function basic(user, password) {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

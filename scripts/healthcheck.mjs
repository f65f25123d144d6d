/** Asks the server of this container whether it answers; for HEALTHCHECK, where there is no curl. */
import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';

const { OPENPERSONALIZE_PORT: port = '8642', OPENPERSONALIZE_TLS_CERT: certificate } = process.env;
const get = certificate === undefined ? getHttp : getHttps;
// The certificate is for the server's name, and this asks within the container.
const options = { host: '127.0.0.1', port, path: '/healthz', rejectUnauthorized: false, timeout: 4000 };

const request = get(options, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1));
request.on('timeout', () => request.destroy(new Error('It does not answer.')));
request.on('error', ({ message }) => {
  console.error(message);
  process.exit(1);
});

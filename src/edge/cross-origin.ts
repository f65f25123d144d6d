import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ServiceError } from '../contract/errors.ts';
import { isQuery, pathOf } from './addressing.ts';

/**
 * The paths that a browser may call from a page of any origin: callers show a tracking id, as visitors of a site do.
 * All other paths are for clients outside a browser.
 */
const openPaths: readonly string[] = ['/events', '/action-interactions'];

/** What AWS's clients for browsers send beside the content. */
const allowedHeaders =
  'authorization, content-type, x-amz-content-sha256, x-amz-date, x-amz-security-token, x-amz-target, x-amz-user-agent, ' +
  'amz-sdk-invocation-id, amz-sdk-request';

/**
 * Answers preflights of the Fetch standard (https://fetch.spec.whatwg.org/#http-cors-protocol), and lets pages read the
 * answers.
 */
export function allowCrossOrigin(app: FastifyInstance): void {
  for (const path of openPaths) {
    app.options(path, (_request, reply) =>
      reply
        .header('access-control-allow-methods', 'POST')
        .header('access-control-allow-headers', allowedHeaders)
        .header('access-control-max-age', '86400')
        .send(),
    );
  }
  app.addHook('onRequest', (request, reply, done) => {
    if (request.headers.origin !== undefined && isOpen(request)) {
      reply.header('access-control-allow-origin', '*');
      reply.header('access-control-expose-headers', 'x-amzn-errortype, x-amzn-requestid');
    }
    done();
  });
}

/**
 * Refuses what a page of another origin sends to a path that is not open, whether or not it could read the answer.
 * Following a link to the server's pages is no such thing; to
 * a call in a URL it is.
 *
 * @throws ServiceError AccessDeniedException
 */
export function refuseForeignPage(request: FastifyRequest): void {
  const { method, headers } = request;
  if (!isForeign(headers) || isOpen(request)) return;
  const isLink = method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && !isQuery(request);
  if (isLink) return;
  throw new ServiceError(
    'AccessDeniedException',
    `Pages of ${headers.origin ?? 'other origins'} may call ${openPaths.join(' and ')} alone: ask from a server, not from a browser.`,
  );
}

/**
 * Browsers say by `Sec-Fetch-Site` where a request comes from (https://w3c.github.io/webappsec-fetch-metadata), old
 * ones by `Origin` alone.
 */
function isForeign({ origin, host, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host?.toLowerCase());
}

const isOpen = ({ url }: FastifyRequest) => openPaths.includes(pathOf(url));

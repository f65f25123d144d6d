import type { FastifyInstance } from 'fastify';

/**
 * The paths that a browser may call from a page of any origin: those whose caller shows a tracking id, as a web site's visitors do.
 * Everything else stays with clients that are no browsers.
 */
const openPaths: readonly string[] = ['/events', '/action-interactions'];

/** What AWS's clients for browsers send beside the content. */
const allowedHeaders =
  'authorization, content-type, x-amz-content-sha256, x-amz-date, x-amz-security-token, x-amz-target, x-amz-user-agent, ' +
  'amz-sdk-invocation-id, amz-sdk-request';

/** Answers preflights of the Fetch standard (https://fetch.spec.whatwg.org/#http-cors-protocol), and lets pages read the answers. */
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
    const [path = ''] = request.url.split('?', 1);
    if (request.headers.origin !== undefined && openPaths.includes(path)) {
      reply.header('access-control-allow-origin', '*');
      reply.header('access-control-expose-headers', 'x-amzn-errortype, x-amzn-requestid');
    }
    done();
  });
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Metrics } from './metrics.ts';

type PageParts = {
  readonly version: string;
  /** As of an HTTP server. */
  readonly mayMeasure?: ((authorization: string | undefined) => boolean) | undefined;
};

/**
 * Answers the paths that are no operations: a page for people, and two for what watches the server.
 *
 * @param answerCall answers a request for the page if it is a call; undefined for any other
 */
export function answerPages(
  app: FastifyInstance,
  { version, mayMeasure }: PageParts,
  metrics: Metrics,
  answerCall: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply> | undefined,
): void {
  const credentials = mayMeasure ? 'with credentials of its own' : 'with any credentials';
  app.get('/', async (request, reply) => {
    const answered = answerCall(request, reply);
    if (answered) return await answered;
    const page = frontPage(version, request.headers.host ?? '127.0.0.1', credentials);
    return reply.type('text/html; charset=utf-8').send(page);
  });
  app.get('/healthz', (_request, reply) => reply.type('text/plain').send('ok\n'));
  app.get('/metrics', async (request, reply) => {
    if (!mayMeasure || mayMeasure(request.headers.authorization)) {
      return reply.type(metrics.contentType).send(await metrics.text());
    }
    return reply.code(403).type('text/plain').send("Only with the token that stands in the server's home.\n");
  });
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/**
 * What a person sees who opens the server's address in a browser.
 *
 * @param host as the browser named it: untrusted
 */
const frontPage = (version: string, host: string, credentials: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>OpenPersonalize ${version}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; color: #16212e; max-width: 48rem; margin: 4rem auto; padding: 0 1rem; }
h1 small { font-size: 1rem; font-weight: normal; color: #44546a; }
pre { font-size: 13px; background: #eef4fb; border-radius: 6px; padding: 0.8rem 1rem; overflow-x: auto; }
</style>
</head>
<body>
<h1>OpenPersonalize <small>${version}</small></h1>
<p>This is the endpoint of a recommendation service that speaks the APIs of Amazon Personalize, Personalize Events and
Personalize Runtime. Point any AWS client at this address, ${credentials}:</p>
<pre>export AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=… AWS_DEFAULT_REGION=us-east-1
aws personalize list-recipes --endpoint-url http://${escaped(host)}</pre>
<p><a href="/healthz">/healthz</a> says whether it is up, <a href="/metrics">/metrics</a> how it is doing (for
Prometheus).</p>
</body>
</html>
`;

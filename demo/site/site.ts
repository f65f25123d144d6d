import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Service } from '../set-up/service.ts';
import type { Demo } from '../set-up/set-up.ts';
import { putActionInteraction, putEvents } from './events.ts';
import { bundlePages, type SiteFile } from './pages.ts';
import { actionReportOf, BadQuestion, eventReportOf, rowQuestionOf, visitorOf } from './questions.ts';
import { askActions, askRow } from './recommendations.ts';
import { siteFacts } from './site-facts.ts';

export type RunningSite = { readonly url: string; close(): Promise<void> };

/**
 * Serves the pages of a demo, its pictures, and what its pages ask: this small server holds the clients of the AWS SDK,
 * so no credentials are in the browser.
 */
export async function startSite(service: Service, demo: Demo, port: number): Promise<RunningSite> {
  const pages = await bundlePages();
  await warmUp(service, demo);
  const questions = questionsOf(service, demo);
  const server = createServer((request, response) => {
    respond(request, response).catch((error: Error) => {
      const status = error instanceof BadQuestion ? 400 : 502;
      send(response, status, 'application/json', JSON.stringify({ error: `${error.name}: ${error.message}` }));
    });
  });
  await listen(server, port);
  const address = server.address();
  const chosen = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${chosen}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '/'] = (request.url ?? '/').split('?', 1);
    const answer = questions[path];
    if (request.method === 'POST' && answer) {
      // Pages of other sites cannot send JSON here without asking first, which is never granted.
      if (!request.headers['content-type']?.startsWith('application/json'))
        throw new BadQuestion('The body is no JSON.');
      return send(response, 200, 'application/json', JSON.stringify(await answer(await json(request))));
    }
    const file = fileAt(path, pages, demo.pictures);
    if (file === undefined) return send(response, 404, 'text/plain', 'There is no such page.');
    send(response, 200, file.type, file.content);
  }
}

/** Tells at once what would otherwise show after minutes. @throws Error if the port is in use */
export async function checkPort(port: number): Promise<void> {
  const server = createServer();
  await listen(server, port);
  server.close();
  await once(server, 'close');
}

async function listen(server: Server, port: number): Promise<void> {
  await once(server.listen(port, '127.0.0.1'), 'listening').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${port} is in use: choose another with --port, or --port 0 for any free one.`);
  });
}

/** Models and views load with the first request: asked here, the first page does not wait for them. */
async function warmUp(service: Service, demo: Demo): Promise<void> {
  const visitor = { sessionId: 'opening' };
  const itemId = demo.world.items[0]?.id;
  await Promise.all(demo.plan.rows.map(({ key }) => askRow(service, demo, { ...visitor, row: key, itemId })));
  await askActions(service, demo, visitor);
}

type Questions = Readonly<Record<string, ((body: unknown) => Promise<object>) | undefined>>;

const questionsOf = (service: Service, demo: Demo): Questions => ({
  '/api/site': async () => siteFacts(demo),
  '/api/row': async (body) => await askRow(service, demo, rowQuestionOf(body)),
  '/api/events': async (body) => await putEvents(service, demo, eventReportOf(body)),
  '/api/actions': async (body) => await askActions(service, demo, visitorOf(body)),
  '/api/action-events': async (body) => await putActionInteraction(service, demo, actionReportOf(body)),
});

function fileAt(
  path: string,
  pages: ReadonlyMap<string, SiteFile>,
  pictures: ReadonlyMap<string, string>,
): SiteFile | undefined {
  const [, id] = /^\/pictures\/([\w-]+)\.svg$/.exec(path) ?? [];
  const picture = id === undefined ? undefined : pictures.get(id);
  if (picture !== undefined) return { type: 'image/svg+xml', content: picture };
  return pages.get(path === '/' ? '/index.html' : path);
}

function send(response: ServerResponse, status: number, type: string, content: string | Uint8Array): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-cache' });
  response.end(content);
}

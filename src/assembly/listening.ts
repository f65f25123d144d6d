import type { FastifyInstance } from 'fastify';
import type { ServerOptions } from '../cli/options/server-options.ts';
import type { Logger } from '../util/logger.ts';

export type Server = {
  readonly url: string;
  /** Answers requests under way, puts unfinished jobs back to waiting, closes everything. Safe to call twice. */
  close(): Promise<void>;
};

/** What a person is told: where it listens, and, if that is no name to ask for, one that leads there from here. */
export function listeningText({ host }: Pick<ServerOptions, 'host'>, url: string): string {
  const at = (name: string) => {
    const { protocol, port } = new URL(url);
    return `${protocol}//${name}:${port}`;
  };
  const said = 'OpenPersonalize is listening on';
  if (host === '0.0.0.0') return `${said} ${at(host)}, on this machine ${at('127.0.0.1')}`;
  return host === '::' ? `${said} ${at('[::]')}, on this machine ${at('[::1]')}` : `${said} ${url}`;
}

/** How long requests that are under way may take when the server closes. */
export const closingGraceMs = 10_000;

/** Answers requests under way, but waits for slow clients no longer than `closingGraceMs`. */
export async function closeHttpServer(httpServer: FastifyInstance): Promise<void> {
  const timer = setTimeout(() => httpServer.server.closeAllConnections(), closingGraceMs);
  await httpServer.close();
  clearTimeout(timer);
}

/** Throws what a person can do about a port that cannot be listened on. */
export function explainListening({ host, port }: ServerOptions) {
  return (error: Error): never => {
    const code = 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') {
      throw new Error(`Port ${port} of ${host} is in use: choose another with --port, or --port 0 for any free one.`);
    }
    if (code === 'EACCES') throw new Error(`Port ${port} may not be opened by this user: choose one from 1024 on.`);
    throw error;
  };
}

/** A server runs on a full disk too, though tools do not find it then. */
export const warnUnannounced = (log: Logger) => (error: unknown) => {
  log.warn(
    { err: error },
    'The home could not take note of where the server is: backup needs it stopped, or restarted.',
  );
  return () => {};
};

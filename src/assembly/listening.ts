import type { FastifyInstance } from 'fastify';
import type { ServerOptions } from '../cli/options/server-options.ts';
import type { Logger } from '../util/logger.ts';

export type Server = {
  readonly url: string;
  /** Answers requests under way, puts unfinished jobs back to waiting, closes everything. Safe to call twice. */
  close(): Promise<void>;
};

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

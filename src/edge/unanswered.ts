import type { RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';

/** Requests that a client may send over one connection before it has an answer. AWS's clients send one. */
const mostUnanswered = 32;

/** A client that takes nothing of an answer for so long has gone. */
export const stalledMs = 60_000;

/**
 * Knows which requests of each connection have no answer yet. A client that sends on and on without a look at the
 * answers, or that does not take them, loses its connection: they would pile up in memory.
 */
export class UnansweredRequests {
  readonly #counts = new WeakMap<Socket, number>();

  /** @returns `handle` for as many requests of a connection as may wait */
  limit(handle: RequestListener): RequestListener {
    return (request, response) => {
      const { socket } = request;
      const count = (this.#counts.get(socket) ?? 0) + 1;
      this.#counts.set(socket, count);
      response.once('close', () => this.#counts.set(socket, (this.#counts.get(socket) ?? 1) - 1));
      if (count > mostUnanswered) return void socket.destroy();
      handle(request, response);
    };
  }

  /** Closes idle connections of a server, and those that take nothing; not those that wait for work of the server. */
  closeStalled(server: Server, afterMs = stalledMs): void {
    server.setTimeout(afterMs, (socket: Socket) => {
      const isWaiting = (this.#counts.get(socket) ?? 0) > 0;
      if (!isWaiting || socket.writableLength > 0) socket.destroy();
    });
  }
}

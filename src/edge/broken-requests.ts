import { randomUUID } from 'node:crypto';
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { ServiceError } from '../contract/errors.ts';
import { errorResponse } from './response.ts';

/** How long a client may take to send a request. It limits how long a slow client holds a connection. */
export type RequestTimes = {
  readonly headersMs: number;
  /** From the end of the head to the last byte of the body. */
  readonly wholeMs: number;
  /** How often connections are checked. */
  readonly checkEveryMs: number;
};

export const defaultRequestTimes: RequestTimes = { headersMs: 20_000, wholeMs: 60_000, checkEveryMs: 5000 };

/** Ends the connection of a client that does not end its body in time. */
export function limitBodyTime(message: IncomingMessage, { wholeMs } = defaultRequestTimes): void {
  const { headers } = message;
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return;
  // Most bodies come in one piece with the head, and need no timer.
  process.nextTick(() => message.complete || message.destroyed || startBodyTimer(message, wholeMs));
}

function startBodyTimer(message: IncomingMessage, wholeMs: number): void {
  const timer = setTimeout(() => {
    if (message.complete) return;
    answerBroken(Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), message.socket);
  }, wholeMs);
  message.once('close', () => clearTimeout(timer));
}

/** Answers a request that is malformed or incomplete in AWS's shape, and closes its connection. */
export function answerBroken(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const { status, headers, body } = errorResponse('rest-json', 'personalize', randomUUID(), meaningOf(error));
  const fields = { ...headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
  socket.destroySoon();
}

/** By the codes of Node's parser and of its timeouts. */
function meaningOf({ code, message }: NodeJS.ErrnoException): ServiceError {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ServiceError('RequestTimeoutException', 'The request did not come to its end in time.');
    case 'HPE_HEADER_OVERFLOW':
      return new ServiceError('RequestHeaderSectionTooLarge', 'The head of the request is larger than 16 KiB.');
    case 'ERR_SSL_HTTP_REQUEST':
      return new ServiceError('MalformedHttpRequestException', 'The server speaks TLS here: ask it by https://.');
    default:
      return new ServiceError('MalformedHttpRequestException', `The request is not HTTP: ${message}.`);
  }
}

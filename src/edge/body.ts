import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import { ServiceError } from '../contract/errors.ts';

/** A body that is too large is read up to this size, since a client may read no answer before it has sent all. */
const largestDrain = 64 * 2 ** 20;

/** Deeper than any shape of the contract by far; keeps recursion over unknown members off the end of the stack. */
const deepestNesting = 256;

/**
 * More values than the contract allows to any operation's input. Parsing time grows with values rather than with bytes.
 */
export const mostValues = 20_000;

/** What bodies that are still on their way may hold together, so that many slow clients do not take all memory. */
const mostHeldBytes = 256 * 2 ** 20;

/** Counts the bytes of bodies that have not come whole. */
export class HeldBytes {
  readonly #most: number;
  #bytes = 0;

  constructor(most = mostHeldBytes) {
    this.#most = most;
  }

  /** @returns false if there is no room for so many more */
  take(bytes: number): boolean {
    if (this.#bytes + bytes > this.#most) return false;
    this.#bytes += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#bytes -= bytes;
  }
}

/**
 * The whole body of a request; undefined if it has more than `limit` bytes.
 *
 * @throws ServiceError SerializationException if the client breaks off, ServiceUnavailable if too many bytes are held
 */
export function readBody(message: Readable, limit: number, held: HeldBytes): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let [bytes, taken] = [0, 0];
  let hasRoom = true;
  const { promise, resolve, reject } = Promise.withResolvers<Buffer | undefined>();
  const drop = () => {
    chunks.length = 0;
    held.give(taken);
    taken = 0;
  };
  message.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    hasRoom &&= bytes > limit || held.take(chunk.length);
    if (hasRoom && bytes <= limit) {
      taken += chunk.length;
      chunks.push(chunk);
    } else drop();
    if (bytes > largestDrain) {
      message.pause();
      resolve(undefined);
    }
  });
  message.on('end', () => {
    if (!hasRoom) reject(new ServiceError('ServiceUnavailable', 'Too many bodies are on their way: try again soon.'));
    else resolve(bytes > limit ? undefined : Buffer.concat(chunks, bytes));
    drop();
  });
  const brokenOff = () => {
    drop();
    reject(serialization('The request ended before its body was complete.'));
  };
  message.on('error', brokenOff);
  message.on('close', () => message.readableEnded || brokenOff());
  return promise;
}

/**
 * The JSON value of a body; an empty one is `{}`, as old clients send for operations without input.
 *
 * @throws ServiceError SerializationException
 */
export function decodeJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return {};
  if (!isUtf8(bytes)) throw serialization('The body is not UTF-8 text.');
  const text = bytes.toString('utf8');
  const { depth, values } = extent(text);
  if (depth > deepestNesting) throw serialization(`The body nests deeper than ${deepestNesting} levels.`);
  if (values > mostValues) {
    throw serialization(`The body holds more than ${mostValues} values, which no operation takes.`);
  }
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw serialization('The body must be a JSON object.');
  }
  return value;
}

/** Escapes and keys that need a look at every value. They are rare, so most bodies are parsed without it. */
const suspicious = /\\u(?:0000|[dD][89a-fA-F]|005[fF])|__proto__/;

function parse(text: string): unknown {
  try {
    return suspicious.test(text) ? JSON.parse(text, withoutTraps) : JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw serialization('The body is not valid JSON.');
    throw error;
  }
}

/** Drops `__proto__`, an unknown member to every shape; refuses strings that no store can hold. */
function withoutTraps(key: string, value: unknown): unknown {
  if (key === '__proto__') return undefined;
  if (!isText(key) || (typeof value === 'string' && !isText(value))) {
    throw serialization('A string holds U+0000 or half of a surrogate pair.');
  }
  return value;
}

const isText = (text: string) => !text.includes('\0') && text.isWellFormed();

/**
 * How deep brackets nest outside of strings, and how many values they hold. The text need not be JSON.
 */
function extent(text: string): { readonly depth: number; readonly values: number } {
  let [depth, deepest, values] = [0, 0, 1];
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (inString) {
      if (unit === backslash) index++;
      else if (unit === quote) inString = false;
    } else if (unit === quote) inString = true;
    else if (unit === comma) values++;
    else if (unit === openBracket || unit === openBrace) {
      deepest = Math.max(deepest, ++depth);
      values++;
    } else if (unit === closeBracket || unit === closeBrace) depth--;
  }
  return { depth: deepest, values };
}

const comma = 0x2c;
const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

const serialization = (message: string) => new ServiceError('SerializationException', message);

import { Readable } from 'node:stream';
import type { ByteStream } from '../contract/shape.ts';
import type { KnownOperation } from './addressing.ts';

/** The bytes that are the body of an operation's answer; undefined if that is JSON. */
export function byteOutput({ payload }: KnownOperation, output: object): ByteStream | undefined {
  if (payload === undefined) return undefined;
  const members: Partial<Record<string, unknown>> = { ...output };
  const member = members[payload];
  return isByteStream(member) ? member : undefined;
}

const isByteStream = (value: unknown): value is ByteStream =>
  typeof value === 'object' && value !== null && 'content' in value && value.content instanceof Readable;

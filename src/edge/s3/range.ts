import { S3Error } from './s3-error.ts';

/** Bytes from `start` to before `end`. */
export type ByteRange = { readonly start: number; readonly end: number };

/**
 * The one range that a Range header asks for (RFC 9110, section 14); undefined for all bytes, as also for a header of
 * another form and for several ranges.
 *
 * @throws S3Error InvalidRange for one with no byte of the object
 */
export function byteRange(header: string | undefined, bytes: number): ByteRange | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  const start = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? bytes : Math.min(bytes, Number(last) + 1);
  if (start < end) return { start, end };
  throw new S3Error('InvalidRange', 'The requested range is not satisfiable', { 'content-range': `bytes */${bytes}` });
}

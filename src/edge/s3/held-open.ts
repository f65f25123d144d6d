import { Readable } from 'node:stream';
import { within } from './pace.ts';
import type { S3Response } from './s3-call.ts';

type Patience = {
  /** After so long the answer begins, and goes on each time with a blank, so that the client does not give up. */
  readonly patienceMs: number;
  /** The document that tells of an error. */
  readonly errorText: (error: unknown) => string;
};

const declaration = /^<\?xml[^>]*\?>\s*/;

/**
 * The answer of work that copies a lot. One that takes long begins before its end is known, as S3 has it: with the
 * status 200, blanks, and then the document of the answer or of the error.
 */
export async function heldOpen(work: Promise<S3Response>, { patienceMs, errorText }: Patience): Promise<S3Response> {
  const inTime = await within(work, patienceMs);
  if (inTime) return inTime;
  const text = work.then(({ body }) => String(body ?? ''), errorText);
  async function* content(): AsyncGenerator<string> {
    yield '<?xml version="1.0" encoding="UTF-8"?>\n';
    for (;;) {
      const whole = await within(text, patienceMs);
      if (whole !== undefined) return yield whole.replace(declaration, '');
      yield ' ';
    }
  }
  return { headers: { 'content-type': 'application/xml' }, body: Readable.from(content(), { objectMode: false }) };
}

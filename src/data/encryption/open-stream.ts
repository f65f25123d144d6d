import { Readable } from 'node:stream';
import { ChunkCipher, headerBytes, sealedChunkBytes } from './sealed-chunks.ts';
import { SealedError } from './sealed-error.ts';

/** The content of a sealed file that comes as a stream; it ends in a SealedError where it is not what was sealed. */
export const openStream = (sealed: Readable, key: string, name: string): Readable =>
  Readable.from(opened(sealed, key, name), { objectMode: false });

async function* opened(sealed: Readable, key: string, name: string): AsyncGenerator<Buffer> {
  let cipher: ChunkCipher | undefined;
  let chunks = 0;
  let waiting = Buffer.alloc(0);
  for await (const piece of sealed) {
    waiting = Buffer.concat([waiting, piece]);
    if (!cipher && waiting.length >= headerBytes) {
      cipher = ChunkCipher.of(key, waiting.subarray(0, headerBytes), name);
      waiting = waiting.subarray(headerBytes);
    }
    // The last chunk is known by the end of the stream.
    while (cipher && waiting.length > sealedChunkBytes) {
      yield cipher.open(waiting.subarray(0, sealedChunkBytes), chunks++, false);
      waiting = waiting.subarray(sealedChunkBytes);
    }
  }
  if (!cipher) throw new SealedError(name);
  yield cipher.open(waiting, chunks, true);
}

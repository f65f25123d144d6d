import { rm } from 'node:fs/promises';
import { type FilePath, fileIn, pathOf } from '../../data/encryption/file-path.ts';
import { openFile } from '../../data/encryption/file-reading.ts';
import { createFile } from '../../data/encryption/file-writing.ts';
import type { ReportFraction } from '../../util/progress.ts';
import { type Cell, type Metadata, observed } from './column.ts';
import type { SentenceEncoder } from './sentence-encoder.ts';

const batchSize = 32;

/**
 * The same metadata with vectors for texts. Each text is encoded once, and its vector lies in a file in `folder`, which
 * the caller removes: metadata is read several times, and encoding takes long.
 */
export async function withSentences(
  metadata: Metadata,
  encoder: SentenceEncoder,
  folder: FilePath,
  progress: ReportFraction = () => {},
): Promise<Metadata> {
  const texts = metadata.columns.flatMap(({ kind }, column) => (kind === 'textual' ? [column] : []));
  if (texts.length === 0) return metadata;
  const vectorsFile = fileIn(folder, 'sentences.f32');
  await encodeAll(observed(metadata, progress), texts, encoder, vectorsFile);
  const bytes = 4 * encoder.width;
  return {
    columns: metadata.columns.map(({ name, kind }) => ({ name, kind: kind === 'textual' ? 'vector' : kind })),
    rowCount: metadata.rowCount,
    async *rows(every) {
      await using file = await openFile(vectorsFile);
      let row = 0;
      for await (const cells of metadata.rows(every)) {
        const vectors = new Float32Array(encoder.width * texts.length);
        await file.read(new Uint8Array(vectors.buffer), row * bytes * texts.length);
        yield cells.map((cell, column) => {
          const slot = texts.indexOf(column);
          return slot < 0 || cell === null ? cell : vectors.subarray(slot * encoder.width, (slot + 1) * encoder.width);
        });
        row += every;
      }
    },
  };
}

/** Writes the vectors of the texts of each row, one row after another. */
async function encodeAll(
  metadata: Metadata,
  texts: readonly number[],
  encoder: SentenceEncoder,
  vectorsFile: FilePath,
): Promise<void> {
  await rm(pathOf(vectorsFile), { force: true });
  await using file = await createFile(vectorsFile);
  let waiting: string[] = [];
  const flush = async () => {
    const vectors = await encoder.encode(waiting);
    await file.append(new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength));
    waiting = [];
  };
  for await (const cells of metadata.rows(1)) {
    waiting.push(...texts.map((column) => textOf(cells[column] ?? null)));
    if (waiting.length >= batchSize) await flush();
  }
  if (waiting.length > 0) await flush();
  await file.end();
}

const textOf = (cell: Cell) => (typeof cell === 'string' ? cell : '');

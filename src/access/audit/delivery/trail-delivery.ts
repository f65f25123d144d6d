import { open } from 'node:fs/promises';
import type { ObjectStore } from '../../../data/objects/object-store.ts';
import { lineEnd } from '../chain.ts';
import { isNodeOf, type TrailFile, trailFiles } from '../trail-files.ts';
import { type Origin, objectsOf } from './batch-objects.ts';
import { type DeliveryState, readState, writeState } from './delivery-state.ts';

export type TrailDeliveryOptions = {
  readonly folder: string;
  /** Its chain is delivered, and those of commands. */
  readonly node: string;
  readonly bucket: Pick<ObjectStore, 'write'>;
  /** Empty, or with a `/` at its end. */
  readonly prefix: string;
  readonly origin: Origin;
  /** How much of a file is written for good: what is behind may be taken back. Undefined for all of it. */
  readonly writtenOf: (path: string) => number | undefined;
};

/** Bytes of the trail that go together. */
const batchBytes = 2 ** 20;

/**
 * Brings the trail into a bucket. It has read from the disk what it delivers, so what a call was told is recorded
 * arrives however the server ends; and it has noted what it is about to deliver, so that it arrives once.
 */
export class TrailDelivery {
  readonly #options: TrailDeliveryOptions;

  constructor(options: TrailDeliveryOptions) {
    this.#options = options;
  }

  /** Delivers all that is written by now. @throws ObjectStoreError if the bucket does not take it */
  async run(): Promise<void> {
    const { folder, node } = this.#options;
    const files = (await trailFiles(folder)).filter((file) => isNodeOf(file, node));
    for (const [owner, own] of Map.groupBy(files, (file) => file.node)) await this.#deliverChain(owner, own);
  }

  async #deliverChain(node: string, files: readonly TrailFile[]): Promise<void> {
    let state = await readState(this.#options.folder, node);
    for (const file of files) {
      if (state && file.day < state.day) continue;
      if (state?.day !== file.day) state = { day: file.day, offset: 0 };
      state = await this.#deliverFile(file, state);
    }
  }

  async #deliverFile({ path, node }: TrailFile, from: DeliveryState): Promise<DeliveryState> {
    const { folder, origin, bucket, prefix, writtenOf } = this.#options;
    let state = from;
    const file = await open(path, 'r');
    try {
      // A power cut must not take back what was delivered, or the offset would lead into what is written afterwards.
      await file.datasync();
      const size = writtenOf(path) ?? (await file.stat()).size;
      while (state.offset < size) {
        const length = Math.min(state.until ?? size, state.offset + batchBytes * 2) - state.offset;
        const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, state.offset);
        const lines = wholeLines(buffer.subarray(0, bytesRead), state.until === undefined ? batchBytes : bytesRead);
        if (lines.bytes === 0) break;
        const until = state.offset + lines.bytes;
        if (state.until === undefined) await writeState(folder, node, { ...state, until });
        for (const { key, content } of await objectsOf(lines.texts, origin)) await bucket.write(prefix + key, content);
        state = { day: state.day, offset: until };
        await writeState(folder, node, state);
      }
      return state;
    } finally {
      await file.close();
    }
  }
}

/** The whole lines at the start of some bytes, at most so many bytes but for the first one. */
function wholeLines(bytes: Buffer, most: number): { readonly bytes: number; readonly texts: readonly string[] } {
  const within = bytes.lastIndexOf(lineEnd, most - 1) + 1;
  const length = within > 0 ? within : bytes.indexOf(lineEnd) + 1;
  return { bytes: length, texts: length === 0 ? [] : bytes.toString('utf8', 0, length - 1).split('\n') };
}

/** Whether all of a file is in the bucket. */
export async function isDelivered(folder: string, { node, day }: TrailFile, size: number): Promise<boolean> {
  const state = await readState(folder, node);
  return state !== undefined && (state.day > day || (state.day === day && state.offset >= size));
}

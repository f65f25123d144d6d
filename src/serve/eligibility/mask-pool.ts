import { RowMask } from '../filters/row-mask.ts';

/** Masks of a size that wait for their next use, and sizes: of models that are asked at a time. */
const most = { masks: 64, sizes: 8 };

/**
 * Masks in shared memory that are used again and again. A new one for each request, 125 KB for a million items, has the
 * garbage collector run every thirty requests for 10 ms; and messages to scoring threads would be copies.
 */
export class MaskPool {
  /** By size; the sizes that were last asked for come last. */
  readonly #masks = new Map<number, RowMask[]>();

  /** A mask of so many items, whatever it has. */
  take(size: number): RowMask {
    const waiting = this.#masks.get(size) ?? [];
    this.#masks.delete(size);
    this.#masks.set(size, waiting);
    for (const oldest of this.#masks.keys()) {
      if (this.#masks.size <= most.sizes) break;
      this.#masks.delete(oldest);
    }
    return waiting.pop() ?? new RowMask(size, 'shared');
  }

  /** Takes a mask back that nobody reads any more. */
  giveBack(mask: RowMask): void {
    const waiting = this.#masks.get(mask.size);
    if (waiting && waiting.length < most.masks) waiting.push(mask);
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { KeyRotations } from './key-rotation.ts';
import type { KeyStore } from './key-store.ts';

type UpkeepParts = {
  readonly store: Pick<KeyStore, 'removeDue'>;
  readonly rotations: Pick<KeyRotations, 'rotateDue'>;
  readonly onDone: (what: 'rotated' | 'deleted', arns: readonly string[]) => void;
  readonly onError: (error: unknown) => void;
};

/** How often keys are looked for whose time has come. */
const lookEveryMs = 60_000;

/** Rotates and deletes keys at their time. Every node looks for them; of several that find one, one does it. */
export class KeyUpkeep {
  readonly #parts: UpkeepParts;
  readonly #stop = new AbortController();
  #looking: Promise<void> | undefined;

  constructor(parts: UpkeepParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#looking = this.#look();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#looking;
  }

  async #look(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.#once();
      await sleep(lookEveryMs, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  async #once(): Promise<void> {
    const { store, rotations, onDone, onError } = this.#parts;
    try {
      const [rotated, deleted] = [await rotations.rotateDue(), await store.removeDue()];
      if (rotated.length > 0) onDone('rotated', rotated);
      if (deleted.length > 0) onDone('deleted', deleted);
    } catch (error) {
      onError(error);
    }
  }
}

/** Pieces of work in a turn: well below a millisecond together. */
const piecesAtOnce = 4;

/**
 * Hands out turns of the event loop, first come, first served. Calls with records come in bursts, after a stall of the
 * disk or a large group commit. A few of their pieces of work go in each turn, so that other calls come in between.
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];

  /** Resolves when it is the caller's turn. */
  take(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#waiting.push(resolve) === 1) setImmediate(() => this.#next());
    });
  }

  #next(): void {
    const pieces = this.#waiting.splice(0, piecesAtOnce);
    // In a later turn, after what has come meanwhile.
    if (this.#waiting.length > 0) setImmediate(() => this.#next());
    for (const begin of pieces) begin();
  }
}

/** Pieces of work in a turn: well below a millisecond together. */
const piecesAtOnce = 4;

/**
 * Hands out turns of the event loop, first come, first served. Records come in bursts: where the disk has made some wait, or has just
 * taken many at once. A few of their pieces of work go in each turn, so that whatever else has come meanwhile goes before the next.
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
    // Of a later turn: what the event loop has got meanwhile comes between.
    if (this.#waiting.length > 0) setImmediate(() => this.#next());
    for (const begin of pieces) begin();
  }
}

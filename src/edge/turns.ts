/**
 * Turns of the event loop, one each and first come, first served. Records come in bursts: where the disk has made some wait, or has just
 * taken many at once. Each of their pieces of work takes a turn, so that whatever else has come meanwhile goes before the next.
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];

  take(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#waiting.push(resolve) === 1) setImmediate(() => this.#next());
    });
  }

  #next(): void {
    this.#waiting.shift()?.();
    // Of a later turn: what the event loop has got meanwhile comes between.
    if (this.#waiting.length > 0) setImmediate(() => this.#next());
  }
}

/** Runs asynchronous work one after another, in the order in which it was given. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#last.then(work);
    this.#last = run.catch(() => {}); // the failure goes to the caller; the next one only waits for the end
    return run;
  }

  /** Resolves when all work given so far has ended. */
  async free(): Promise<void> {
    await this.#last;
  }
}

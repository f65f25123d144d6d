/** Watches how long the event loop takes for a turn, in time of its processor: others may take the machine's. */
export class Turns {
  #last = process.threadCpuUsage();
  #longest = 0;
  readonly #timer = setInterval(() => this.#look(), 1);

  /** @returns the longest turn, in milliseconds */
  end(): number {
    clearInterval(this.#timer);
    return this.#longest;
  }

  #look(): void {
    const now = process.threadCpuUsage();
    const taken = now.user + now.system - this.#last.user - this.#last.system;
    this.#longest = Math.max(this.#longest, taken / 1000);
    this.#last = now;
  }
}

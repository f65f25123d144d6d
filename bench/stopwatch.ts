/**
 * Seconds since it was made, or since the last lap, by the clock and by the processor: on a busy machine only the
 * latter compare.
 */
export class Stopwatch {
  #began = performance.now();
  #used = process.cpuUsage();

  lap(): { seconds: number; cpuSeconds: number } {
    const seconds = (performance.now() - this.#began) / 1000;
    const { user, system } = process.cpuUsage(this.#used);
    this.#began = performance.now();
    this.#used = process.cpuUsage();
    return { seconds, cpuSeconds: (user + system) / 1e6 };
  }
}

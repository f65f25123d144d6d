/** Records of refused strangers in a second. */
const mostInSecond = 100;

/** Limits the records of refusals of those who have shown no key, so that strangers cannot fill the disk with them. */
export class RefusalLimit {
  #second = Number.NaN;
  #count = 0;
  #omitted = 0;

  /** How many refusals were left out before this one; undefined if it is left out itself. */
  take(time: number): number | undefined {
    const second = Math.floor(time / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#count = 0;
    }
    if (this.#count >= mostInSecond) {
      this.#omitted += 1;
      return undefined;
    }
    this.#count += 1;
    const omitted = this.#omitted;
    this.#omitted = 0;
    return omitted;
  }
}

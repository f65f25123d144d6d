/** Before so much is done nothing can be said of the rest: work begins with preparations, whose pace is their own. */
const enoughToPredict = 0.02;
/** Moments that are remembered; when there are more, every second one is dropped. */
const mostMoments = 256;

/** Predicts how long work still takes: as if it went on at the rate of the newer half of the time so far. */
export class RemainingTime {
  readonly #now: () => number;
  #moments: { readonly at: number; readonly fraction: number }[];

  /** `now` in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
    this.#moments = [{ at: now(), fraction: 0 }];
  }

  /** `fraction` of the whole, 0 to 1, is done. */
  update(fraction: number): void {
    if (fraction < enoughToPredict) this.#moments = [];
    if (this.#moments.length === mostMoments) this.#moments = this.#moments.filter((_, n) => n % 2 === 0);
    this.#moments.push({ at: this.#now(), fraction });
  }

  /** Undefined while too little is done. */
  seconds(): number | undefined {
    const [first] = this.#moments;
    const last = this.#moments.at(-1);
    if (!first || !last || last.fraction < enoughToPredict) return undefined;
    const now = this.#now();
    const middle = (first.at + now) / 2;
    const since = this.#moments.findLast(({ at, fraction }) => at <= middle && fraction < last.fraction) ?? first;
    const perFraction = (now - since.at) / (last.fraction - since.fraction);
    return ((1 - last.fraction) * perFraction) / 1000;
  }
}

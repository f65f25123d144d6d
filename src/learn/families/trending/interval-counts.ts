import { StepCounts } from './step-counts.ts';

/** An interval is so many steps: it moves on by one of them at a time. */
const stepsAnInterval = 6;
const steps = 2 * stepsAnInterval;

/**
 * Interactions by item in two consecutive intervals. The newest interval ends with the newest interaction and begins
 * with a step of a sixth of an interval, so that it is between five sixths of an interval and a whole one; the one
 * before is whole. What is older is forgotten. The order in which interactions come does not matter.
 */
export class IntervalCounts {
  readonly stepSeconds: number;
  /** Those of step `s` of all time are at s modulo their number. */
  readonly #steps = Array.from({ length: steps }, () => new StepCounts());
  #newest = Number.NEGATIVE_INFINITY;

  constructor(intervalSeconds: number) {
    this.stepSeconds = intervalSeconds / stepsAnInterval;
  }

  /** Memory it holds, in bytes. */
  get bytes(): number {
    return this.#steps.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** When the newest interaction was, in seconds since the epoch; −∞ before the first. */
  get newest(): number {
    return this.#newest;
  }

  /** The step in which the newest interval ends, from the epoch on. */
  get step(): number {
    return Math.floor(this.#newest / this.stepSeconds);
  }

  /** Interactions from here on count, in seconds since the epoch. */
  get begin(): number {
    return (this.step - steps + 1) * this.stepSeconds;
  }

  /** Interactions with all items in the newest interval, and in the one before. */
  get totals(): readonly [current: number, previous: number] {
    const sum = (columns: readonly StepCounts[]) => columns.reduce((all, { total }) => all + total, 0);
    return [sum(this.#columns(0)), sum(this.#columns(stepsAnInterval))];
  }

  /** How long the newest interval is as yet, over the one before. */
  get lengthRatio(): number {
    const ofLastStep = this.#newest / this.stepSeconds - this.step;
    return (stepsAnInterval - 1 + ofLastStep) / stepsAnInterval;
  }

  /**
   * Adds interactions with an item.
   *
   * @param time seconds since the epoch
   */
  add(item: number, time: number, count = 1): void {
    if (time > this.#newest) this.moveTo(time);
    else if (time < this.begin) return;
    this.#at(Math.floor(time / this.stepSeconds)).add(item, count);
  }

  /** Has the newest interval end at a time that is no earlier than its end, as if an interaction had come then. */
  moveTo(time: number): void {
    const end = Math.floor(time / this.stepSeconds);
    for (let step = Math.max(this.step, end - steps) + 1; step <= end; step++) this.#at(step).clear();
    this.#newest = time;
  }

  /** Sets the counts of the items from `start` on, one for each, in the newest interval and in the one before. */
  read(start: number, current: Float64Array, previous: Float64Array): void {
    current.fill(0);
    previous.fill(0);
    for (const column of this.#columns(0)) column.addTo(current, start);
    for (const column of this.#columns(stepsAnInterval)) column.addTo(previous, start);
  }

  /** The steps of an interval, the newest first, that begins so many steps back. */
  #columns(back: number): readonly StepCounts[] {
    if (this.#newest < 0) return [];
    return Array.from({ length: stepsAnInterval }, (_, n) => this.#at(this.step - back - n));
  }

  #at(step: number): StepCounts {
    return this.#steps[((step % steps) + steps) % steps];
  }
}

/** The learning rate at a step, counted from 1. */
export type Schedule = (step: number) => number;

export const constantRate =
  (rate: number): Schedule =>
  () =>
    rate;

/** From 0 up to the schedule's rate over the first `steps`. */
export const warmUp =
  (steps: number, then: Schedule): Schedule =>
  (step) =>
    then(step) * Math.min(1, step / Math.max(1, steps));

/** Down from `rate` to `last` over `steps` along a line, and `last` from there on. */
export const linearDecay =
  (rate: number, steps: number, last = 0): Schedule =>
  (step) =>
    rate + (last - rate) * Math.min(1, step / steps);

/**
 * Down from `rate` to `last` over `steps` along half a cosine (Loshchilov and Hutter 2017), and `last` from there on.
 */
export const cosineDecay =
  (rate: number, steps: number, last = 0): Schedule =>
  (step) =>
    last + (rate - last) * (0.5 + 0.5 * Math.cos(Math.PI * Math.min(1, step / steps)));

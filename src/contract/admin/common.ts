import { double, integer } from '../shape.ts';

/** How many of the newest are listed; 20 if it is absent. */
export const Limit = integer({ min: 1, max: 1000 });

/** Milliseconds since the epoch. */
export const Milliseconds = double();

/** Seconds since the epoch, as the caller of PutEvents gives them. */
export const Seconds = double();

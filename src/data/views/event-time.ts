/** The latest time of an event that views keep, in seconds since the epoch; a time takes 32 bits without a sign. */
export const latestTime = 2 ** 32 - 1;

/**
 * When an event of the stream happened: no later than it was received and no earlier than 1970.
 *
 * @param sentAt seconds since the epoch
 * @param receivedAt milliseconds since the epoch
 */
export const timeOf = (sentAt: number, receivedAt: number): number =>
  Math.min(Math.max(Math.min(sentAt, Math.floor(receivedAt / 1000)), 0), latestTime);

/** A quickstart that cannot go on. The message is for a person: what failed, why, and what to do. */
export class QuickstartError extends Error {
  override name = 'QuickstartError';
}

/** What is sealed cannot be opened: it was altered, cut short or swapped, or the key is another one. */
export class SealedError extends Error {
  override name = 'SealedError';

  /** @param what is sealed, such as a path */
  constructor(what: string, options?: ErrorOptions) {
    super(`${what} cannot be decrypted: it was altered, or is sealed with another key`, options);
  }
}

import type { Methods } from './channel.ts';

/** The other processes of the same server. */
export type Others<Peer extends Methods> = {
  /**
   * Asks all of them at once. One that dies meanwhile has no part in the answer.
   *
   * @throws what the method throws in one of them
   */
  ask<Name extends keyof Peer & string>(
    name: Name,
    ...parameters: Parameters<Peer[Name]>
  ): Promise<Awaited<ReturnType<Peer[Name]>>[]>;
};

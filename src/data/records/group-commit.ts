import { ServiceError } from '../../contract/errors.ts';

export type Group<T> = readonly T[];

type PendingMember<T> = { readonly member: T; resolve(): void; reject(reason: unknown): void };

/** Most units of size that may wait; beyond, the disk is far behind and callers had better know. */
const sizeLimit = 64 * 2 ** 20;
/** Most units of size in one group. */
const groupSize = 4 * 2 ** 20;

/**
 * Group commit (DeWitt et al., "Implementation Techniques for Main Memory Database Systems", SIGMOD 1984): while one
 * group is being committed, whatever arrives waits and then goes together. Alone, a member waits for nobody; under
 * load, groups form by themselves.
 */
export class GroupCommit<T> {
  readonly #commit: (group: Group<T>) => Promise<void>;
  readonly #waiting: (PendingMember<T> & { readonly size: number })[] = [];
  #waitingSize = 0;
  #running: Promise<void> | undefined;

  constructor(commit: (group: Group<T>) => Promise<void>) {
    this.#commit = commit;
  }

  /**
   * Resolves when the group with `member` is committed, and rejects with the reason if it is not.
   *
   * @throws ServiceError ServiceUnavailable, before anything happens, if too much waits already.
   */
  async add(member: T, size: number): Promise<void> {
    if (this.#waitingSize + size > sizeLimit) {
      throw new ServiceError(
        'ServiceUnavailable',
        'Records come faster than the disk takes them. Send them again later.',
      );
    }
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ member, size, resolve, reject });
      this.#waitingSize += size;
      this.#running ??= this.#run();
    });
  }

  /** Resolves once nothing is waiting or under way. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#nextGroup();
      try {
        await this.#commit(group.map(({ member }) => member));
        for (const { resolve } of group) resolve();
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    // In the same turn as the look at what waits: the next to come starts again.
    this.#running = undefined;
  }

  #nextGroup(): PendingMember<T>[] {
    let size = 0;
    let count = 0;
    for (const { size: added } of this.#waiting) {
      if (count > 0 && size + added > groupSize) break;
      size += added;
      count += 1;
    }
    this.#waitingSize -= size;
    return this.#waiting.splice(0, count);
  }
}

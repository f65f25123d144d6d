import { type UserListName, userLists, usersOf } from '../../data/deletion/user-lists.ts';
import { GrowingIds } from '../../data/views/live/growing-ids.ts';
import { Mutex } from '../../util/mutex.ts';
import type { ControlParts } from '../parts.ts';

/** How soon a node notices what jobs of other nodes have begun and ended. */
export const lookEveryMs = 1000;

/** Who is hidden for a job. */
export type HiddenList = UserListName & {
  has(userId: string): boolean;
  /** Their ids, some thousand at a time. */
  parts(): Iterable<readonly string[]>;
};

export type HiddenUsersParts = Pick<ControlParts, 'database' | 'keys' | 'log'> & {
  /** Has this process forget what it holds of the users of a list that nobody has in a file any more. */
  forget(list: HiddenList): Promise<void>;
  /** Has the other processes of the server look. */
  readonly lookElsewhere?: () => Promise<unknown>;
  /** Has them forget what they hold of the users of a list. */
  readonly forgetElsewhere?: (jobArn: string) => Promise<unknown>;
};

/**
 * The users whom data deletion jobs delete at the moment: requests of theirs are answered as those of unknown users,
 * in every process, from before a job is IN_PROGRESS until nothing that answers holds anything of them.
 */
export class HiddenUsers {
  readonly #parts: HiddenUsersParts;
  readonly #lists = new Map<string, HiddenList & { isForgotten: boolean }>();
  readonly #looks = new Mutex();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: HiddenUsersParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    await this.lookHere();
    this.#timer = setInterval(() => void this.lookHere().catch((error: unknown) => this.#warn(error)), lookEveryMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looks.run(async () => {});
  }

  /** Whether a user of a dataset group is to be answered as an unknown one. */
  has(datasetGroupArn: string | undefined, userId: string | undefined): boolean {
    if (this.#lists.size === 0 || userId === undefined) return false;
    for (const list of this.#lists.values()) {
      if (list.datasetGroupArn === datasetGroupArn && list.has(userId)) return true;
    }
    return false;
  }

  /** The users of a job, which this process hides. */
  of(jobArn: string): HiddenList {
    const list = this.#lists.get(jobArn);
    if (!list) throw new Error(`The users of ${jobArn} are not hidden.`);
    return list;
  }

  /** Has all processes of the server hide users from now on, and no longer hide those of jobs that have ended. */
  async look(): Promise<void> {
    await Promise.all([this.lookHere(), this.#parts.lookElsewhere?.()]);
  }

  /** @throws KeyError if a list is sealed and its key cannot be used */
  async lookHere(): Promise<void> {
    await this.#looks.run(async () => {
      const present = await userLists(this.#parts.database);
      for (const name of present) if (!this.#lists.has(name.jobArn)) await this.#hide(name);
      const jobs = new Set(present.map(({ jobArn }) => jobArn));
      for (const list of [...this.#lists.values()]) {
        if (jobs.has(list.jobArn)) continue;
        if (!list.isForgotten) await this.#parts.forget(list);
        this.#lists.delete(list.jobArn);
      }
    });
  }

  /** Has all processes of the server forget what they hold of the users of a job. */
  async forget(jobArn: string): Promise<void> {
    await Promise.all([this.forgetHere(jobArn), this.#parts.forgetElsewhere?.(jobArn)]);
  }

  async forgetHere(jobArn: string): Promise<void> {
    const list = this.#lists.get(jobArn);
    if (!list) return;
    await this.#parts.forget(list);
    list.isForgotten = true;
  }

  async #hide(name: UserListName): Promise<void> {
    const { database, keys } = this.#parts;
    const ids = new GrowingIds();
    for await (const part of usersOf(database, keys, name.jobArn)) for (const id of part) ids.add(id);
    this.#lists.set(name.jobArn, {
      ...name,
      has: (id) => ids.find(id) >= 0,
      parts: () => partsOf(ids),
      isForgotten: false,
    });
  }

  #warn(error: unknown): void {
    this.#parts.log.error({ err: error }, 'It could not be seen which users are being deleted; that is tried again.');
  }
}

const idsAtOnce = 4096;

function* partsOf(ids: GrowingIds): Generator<readonly string[]> {
  for (let start = 0; start < ids.size; start += idsAtOnce) {
    yield Array.from({ length: Math.min(idsAtOnce, ids.size - start) }, (_, index) => ids.id(start + index));
  }
}

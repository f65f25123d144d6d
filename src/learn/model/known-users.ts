import { personOf } from '../../data/identity.ts';
import { type History, noHistory } from '../histories/histories.ts';
import { codesOf, type InteractionColumn } from '../histories/interaction-columns.ts';
import { withRecent } from '../histories/recent-history.ts';
import type { RequestingUser } from './item-model.ts';
import type { UserRequest } from './model.ts';
import { Vocabulary } from './vocabulary.ts';

export type KnownUsersOptions = {
  /** The users of the training; none unless given. */
  readonly users?: Vocabulary | undefined;
  /** A user of the training, as of then. */
  historyOf(user: number): History;
  /** The columns of the interactions whose values a request's context may give. */
  readonly columns?: readonly InteractionColumn[] | undefined;
  /**
   * Index of an item that histories may hold; −1 for an unknown one, which says nothing.
   */
  indexOf(itemId: string): number;
};

/** The users whom a model knows from its training; resolves who asks by a request. */
export class KnownUsers {
  readonly #options: KnownUsersOptions;
  readonly #users: Vocabulary;

  constructor(options: KnownUsersOptions) {
    this.#options = options;
    this.#users = options.users ?? Vocabulary.of([]);
  }

  /** Memory of their ids. */
  get bytes(): number {
    return this.#users.bytes;
  }

  /** Users unknown at training time have only their recent events. */
  find({ userId: id, context = {}, streamed = {} }: UserRequest): RequestingUser {
    const { historyOf, columns = [], indexOf } = this.#options;
    const { userId, recent } = personOf(streamed, this.#indexOf(id) >= 0) ?? { userId: id };
    const user = this.#indexOf(userId);
    const trained = user < 0 ? noHistory : historyOf(user);
    const history = recent ? withRecent(trained, recent, indexOf, columns) : trained;
    const kept = trained.items.length;
    return {
      user: { history, condition: codesOf(columns, context) },
      used: { userId, kept, recent: history.items.length - kept, newestEventAt: recent?.timestamps.at(-1) },
    };
  }

  #indexOf(id: string | undefined): number {
    return id === undefined ? -1 : this.#users.indexOf(id);
  }
}

import type { Site, SiteItem, Visitor } from '../site/messages.ts';

/** What somebody has done in this window. */
export type Deed = { readonly type: string; readonly item: SiteItem };

export type Person = {
  /** Undefined for a new visitor. */
  readonly userId: string | undefined;
  readonly name: string;
  readonly about: string;
  readonly sessionId: string;
  /** Newest first. */
  readonly deeds: Deed[];
  readonly basket: Set<string>;
  /** Ids of the last answer by row, to mark what is new. */
  readonly lastAnswers: Map<string, readonly string[]>;
};

/** Everything that a click may change. */
export class State {
  readonly site: Site;
  readonly items: ReadonlyMap<string, SiteItem>;
  readonly people: Person[];
  person: Person;
  most: number | undefined;
  /** The answer that the item was clicked in: its id goes with the event. */
  clicked: { readonly itemId: string; readonly recommendationId: string | undefined } | undefined;

  constructor(site: Site) {
    this.site = site;
    this.items = new Map(site.items.map((item) => [item.id, item]));
    this.people = [...site.people.map(({ id, name, about }) => newPerson(id, name, about)), newVisitor()];
    const remembered = sessionStorage.getItem('person');
    this.person = this.people.find(({ name }) => name === remembered) ?? this.people.at(-1) ?? newVisitor();
  }

  get visitor(): Visitor {
    return { userId: this.person.userId, sessionId: this.person.sessionId };
  }

  /** Makes the visitor somebody else. A new visitor is new each time. */
  become(name: string): void {
    const index = this.people.findIndex((person) => person.name === name);
    if (this.people[index]?.userId === undefined) this.people[index] = newVisitor();
    this.person = this.people[index] ?? this.person;
    sessionStorage.setItem('person', this.person.name);
  }

  has(type: string, item: SiteItem): boolean {
    return this.person.deeds.some((deed) => deed.type === type && deed.item.id === item.id);
  }
}

export const nobody = 'A new visitor';

const newVisitor = () => newPerson(undefined, nobody, 'has never been here');

const newPerson = (userId: string | undefined, name: string, about: string): Person => ({
  ...{ userId, name, about },
  sessionId: `visit-${crypto.randomUUID()}`,
  deeds: [],
  basket: new Set(),
  lastAnswers: new Map(),
});

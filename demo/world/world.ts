/** What both demos have: things to recommend, people, and what they did. */

/** A product of the shop, or a film of the streaming service. */
export type Item = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** What the site's menu lists: a category of products or a genre. */
  readonly category: string;
  /** More words on what it is: a kind of product, or all genres of a film. */
  readonly kind: string;
  /** What stands below the name, such as a price, or a length and a rating. */
  readonly note: string;
  /** Unix epoch seconds. */
  readonly createdAt: number;
  /** Whether the demo's promotion may lift it. */
  readonly isPromoted: boolean;
  readonly isAvailable: boolean;
  /** The number that the site's second filter limits: a price, or minutes. */
  readonly measure: number;
};

export type Person = { readonly id: string };

/** Somebody whom the site lets its visitor be. */
export type Persona = Person & { readonly name: string; readonly about: string };

export type Interaction = {
  readonly userId: string;
  readonly itemId: string;
  readonly eventType: string;
  /** Unix epoch seconds. */
  readonly timestamp: number;
};

/** The rows of a CSV file under their header. */
export type Table = { readonly header: readonly string[]; readonly rows: Iterable<readonly string[]> };

export type World<I extends Item = Item> = {
  readonly items: readonly I[];
  readonly personas: readonly Persona[];
  readonly interactions: readonly Interaction[];
  readonly tables: {
    readonly items: Table;
    readonly users: Table;
    readonly interactions: Table;
    readonly actionInteractions?: Table;
    readonly actions?: Table;
  };
};

/** How much of everything there is. */
export type WorldSize = {
  readonly users: number /** Of all items that could be made, this share is. */;
  readonly share: number;
};

export const sizes = {
  small: { users: 240, share: 0.4 },
  normal: { users: 1000, share: 1 },
  large: { users: 4000, share: 1 },
} as const satisfies Record<string, WorldSize>;

export type SizeName = keyof typeof sizes;

export const secondsADay = 86_400;

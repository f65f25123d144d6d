/** What the pages and the demo's own small server say to each other, as JSON. */

export type SiteItem = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly category: string;
  readonly kind: string;
  readonly note: string;
  /** A price, or minutes. */
  readonly measure: number;
  readonly isPromoted: boolean;
};

export type SiteRow = {
  readonly key: string;
  readonly title: string;
  readonly page: 'home' | 'item';
  readonly afterTaking?: string | undefined;
  readonly why: string;
  readonly use: string;
  readonly isLive: boolean;
};

export type SiteAction = { readonly id: string; readonly title: string; readonly text: string };

export type SitePerson = { readonly id: string; readonly name: string; readonly about: string };

/** Everything about the site that no click changes. */
export type Site = {
  readonly name: 'retail' | 'video';
  readonly title: string;
  readonly tagline: string;
  readonly categories: readonly string[];
  readonly items: readonly SiteItem[];
  readonly rows: readonly SiteRow[];
  readonly people: readonly SitePerson[];
  readonly actions: readonly SiteAction[];
  readonly events: { readonly open: string; readonly take: string; readonly collect?: string | undefined };
};

/** Somebody with a name has a `userId`; a new visitor is known by the session alone. */
export type Visitor = { readonly userId?: string | undefined; readonly sessionId: string };

export type RowQuestion = Visitor & {
  readonly row: string;
  readonly itemId?: string | undefined;
  readonly category?: string | undefined;
  readonly most?: number | undefined;
};

export type RowAnswer = {
  readonly items: readonly { readonly id: string; readonly isPromoted: boolean }[];
  readonly recommendationId?: string | undefined;
  readonly calls: readonly Call[];
};

export type EventReport = Visitor & {
  readonly type: string;
  readonly itemIds: readonly string[];
  readonly recommendationId?: string | undefined;
};

export type ActionAnswer = {
  readonly actions: readonly { readonly id: string; readonly score?: number | undefined }[];
  readonly recommendationId?: string | undefined;
  readonly calls: readonly Call[];
};

export type ActionReport = Visitor & {
  readonly actionId: string;
  readonly type: 'TAKEN' | 'NOT_TAKEN' | 'VIEWED';
  readonly recommendationId?: string | undefined;
};

/** A call of the API that was made, for the panel. */
export type Call = {
  readonly operation: string;
  readonly input: object;
  readonly milliseconds: number;
  /** What came back, in a few words. */
  readonly answer: string;
};

export type Calls = { readonly calls: readonly Call[] };

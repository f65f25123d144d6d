import type { LifeCycle } from './lifecycle.ts';

/**
 * A kind of resource: the facts by which its resources are kept, listed and deleted. Other parts of `control` hold
 * this record and give it to the functions that read and write resources; what the kind does (its operations and
 * jobs) is registered beside it.
 */
export type Kind<Document extends CommonDocument = CommonDocument> = {
  /** Stands in the database with each resource. */
  readonly name: string;
  /** The path of its ARNs, of the contract's `arnPaths`. */
  readonly arnPath: string;
  readonly life: LifeCycle;
  /** Whether its resources can have tags (spec resources.md §5). */
  readonly isTaggable: boolean;
  /** The kind that its resources belong to; those of the account have none. */
  readonly parent?: Kind;
  /** Whether its resources go when their parent is deleted. Otherwise the parent stays for as long as it has any. */
  readonly goesWithParent?: boolean;
  /** For the type checker alone: what its resources keep beyond the columns that all have. */
  readonly document?: Document;
};

/** What the document of any resource may have. */
export type CommonDocument = {
  readonly failureReason?: string | undefined;
  readonly latestUpdate?: Update | undefined;
};

/** The latest change of a resource; `createdAt` and `updatedAt` in milliseconds since the epoch. */
export type Update<Status extends string = string, Asked extends object = object> = Asked & {
  readonly status: Status;
  readonly failureReason?: string | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
};

export type Resource<Document = CommonDocument, Status extends string = string> = {
  readonly arn: string;
  readonly kind: Kind;
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly parent: string | null;
  readonly status: Status;
  readonly document: Document;
  readonly version: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Position in the order of creation. */
  readonly sequence: number;
};

export type DocumentOf<K extends Kind> = NonNullable<K['document']>;
export type StatusOf<K extends Kind> = keyof K['life']['steps'] & string;
export type ResourceOf<K extends Kind> = Resource<DocumentOf<K>, StatusOf<K>>;

/** Defines a kind whose resources keep a `Document`, as JSON in `resources.document`. */
export const defineKind =
  <Document extends CommonDocument>() =>
  <const Facts extends Kind<Document>>(facts: Facts): Facts & { readonly document?: Document } =>
    facts;

/** The kind in words, such as `dataset group`. */
export const wordsFor = ({ name }: Kind): string => name.replaceAll('-', ' ');

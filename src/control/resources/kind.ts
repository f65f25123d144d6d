import type { Database } from '../../data/database/database.ts';
import type { JobFacts } from '../jobs/job.ts';
import type { LifeCycle } from './lifecycle.ts';
import type { Transaction } from './transaction.ts';

/**
 * A kind of resource: the facts by which its resources are created, kept, listed and deleted. Other parts of `control`
 * hold this record and give it to the functions that read and write resources. What the kind does, its operations and
 * the handlers of its jobs, is registered by its family (`Family`).
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
  /** How many there may be: all of these hold. */
  readonly quotas?: readonly QuotaFacts[];
  /** What its resources need beside their parent, which cannot be deleted meanwhile. */
  readonly uses?: readonly Use[];
  /** The jobs that work for its resources, by the names that they have in the database. */
  readonly jobs?: Readonly<Record<string, JobFacts>>;
  /**
   * Prefixes (ending in `/`) of the models in the store that a resource refers to. They are not swept while it does.
   * Backups and the doctor read below each what its `model.json` names.
   */
  objects?(document: Document): readonly string[];
  /**
   * Removes what a resource has beside its row, in the transaction that removes it.
   *
   * @returns names of objects that nothing refers to any more; without this function they are its `objects`.
   */
  release?(tx: Transaction, resource: Resource<Document>): Promise<readonly string[]>;
  /** For the type checker alone: what its resources keep beyond the columns that all have. */
  readonly document?: Document;
};

export type QuotaFacts = {
  /** As in `--quota NAME=N`. */
  readonly name: string;
  /** The service's (spec quotas.md). */
  readonly most: number;
  /** `live`: those that have not failed. `unfinished`: those that are waiting or going on. */
  readonly counts: 'live' | 'unfinished';
  /** ARNs of the parents whose resources count together; without, all of the account and region do. */
  among?(db: Database, parent: string): Promise<readonly string[]>;
};

/** How resources of one kind need those of another, or of their own parent in other ways than as a parent. */
export type Use = {
  readonly kind: Kind;
  /** Those that need the resource now. */
  users(db: Database, used: Resource): Promise<readonly Resource[]>;
  /** Between the two in the sentence that refuses the deletion, instead of `is in use by`. */
  readonly phrase?: string;
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
export type JobNameOf<K extends Kind> = K extends { readonly jobs: infer Jobs } ? keyof Jobs & string : never;

/** Defines a kind whose resources keep a `Document`, as JSON in `resources.document`. */
export const defineKind =
  <Document extends CommonDocument>() =>
  <const Facts extends Kind<Document>>(facts: Facts): Facts & { readonly document?: Document } =>
    facts;

/** Says how resources use those of `kind`. */
export const use = <K extends Kind>(
  kind: K,
  users: (db: Database, used: ResourceOf<K>) => Promise<readonly Resource[]>,
  phrase?: string,
): Use => ({ kind, users, ...(phrase !== undefined && { phrase }) });

/** The kind in words, such as `dataset group`. */
export const wordsFor = ({ name }: Kind): string => name.replaceAll('-', ' ');

/** The same at the beginning of a sentence. */
export const titleFor = (kind: Kind): string => wordsFor(kind).replace(/^./, (letter) => letter.toUpperCase());

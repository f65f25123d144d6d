import type { OperationName } from '../contract/operations.ts';
import type { Context } from './context.ts';
import type { HandlersOf } from './handler.ts';
import type { JobHandler } from './jobs/job.ts';
import type { OwnerKinds } from './owners.ts';
import type { JobNameOf, Kind, Resource, ResourceOf } from './resources/kind.ts';
import type { Transaction } from './resources/transaction.ts';

/** What is done for the resources of a kind. */
export type KindService = {
  readonly kind: Kind;
  /** A handler for each job of the kind. */
  readonly jobs: Readonly<Record<string, JobHandler>>;
  /** Puts scheduled jobs on the queue that a resource which is ACTIVE should have and has not. */
  schedule?(tx: Transaction, resource: Resource): Promise<void>;
};

/** Kinds of resources that belong together, and what they contribute to the control plane. */
export type Family = OwnerKinds & {
  readonly kinds: readonly Kind[];
  operations(context: Context): Partial<HandlersOf<OperationName>>;
  services?(context: Context): readonly KindService[];
};

type ServiceOf<K extends Kind> = {
  readonly jobs: { readonly [Name in JobNameOf<K>]: JobHandler };
  schedule?(tx: Transaction, resource: ResourceOf<K>): Promise<void>;
};

/** Says what is done for a kind. The type checker wants a handler for each of its jobs. */
export const serve = <K extends Kind>(kind: K, service: ServiceOf<K>): KindService => ({ kind, ...service });

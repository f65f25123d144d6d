import type { Operation } from '../contract/operation.ts';
import { type OperationName, operations } from '../contract/operations.ts';

/** The two ways in which AWS services speak JSON: one path and a target header, or a path for each operation. */
export type Protocol = 'json-1.1' | 'rest-json';

export const contentTypes = {
  'json-1.1': 'application/x-amz-json-1.1',
  'rest-json': 'application/json',
} as const satisfies Record<Protocol, string>;

export type AddressedOperation = { readonly name: OperationName; readonly operation: Operation };

// The keys of `operations` are the operation names; Object.entries forgets that.
const addressed = Object.entries<Operation>(operations).map(
  ([name, operation]): AddressedOperation => ({ name: name as OperationName, operation }),
);

/** Operations of the control plane by the value of `X-Amz-Target`. */
export const operationsByTarget: ReadonlyMap<string, AddressedOperation> = new Map(
  addressed.flatMap((entry) => (entry.operation.path ? [] : [[`AmazonPersonalize.${entry.name}`, entry]])),
);

/** Operations of events and runtime by path; each is a POST. */
export const operationsByPath: ReadonlyMap<string, AddressedOperation> = new Map(
  addressed.flatMap((entry) => (entry.operation.path ? [[entry.operation.path, entry]] : [])),
);

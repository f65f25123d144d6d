import { arnOf, arnPaths, type ResourceKind } from '../../contract/arn.ts';

/** An input as the contract has validated it, whatever its operation. */
export type AnyInput = Readonly<Record<string, unknown>>;

type Owner = { readonly account: string; readonly region: string };

/** Parts of the path of an ARN that stand in the input under another name, or in another form. */
const derived: Readonly<Record<string, (input: AnyInput) => unknown>> = {
  datasetGroupName: ({ datasetGroupArn }) => String(datasetGroupArn).split('/').at(-1),
  datasetType: ({ datasetType }) => String(datasetType).toUpperCase(),
};

/**
 * The ARN of what an operation is asked to create. An id that the server will choose is `*`: only who may create any
 * such resource may create this one.
 */
export function createdArn(kind: ResourceKind, input: AnyInput, owner: Owner): string {
  const path = arnPaths[kind].replace(/\{(\w+)\}/g, (_found, part: string) => {
    const value = derived[part]?.(input) ?? input[part];
    return typeof value === 'string' ? value : '*';
  });
  return arnOf(owner, path, {});
}

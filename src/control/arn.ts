import type { Caller } from './handler.ts';

/** The partition that a region's ARNs begin with. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** ARN of a resource of the caller; `path` is what follows the account, such as `campaign/films`. */
export function arnOf({ account, region }: Pick<Caller, 'account' | 'region'>, path: string): string {
  return `arn:${partitionOf(region)}:personalize:${region}:${account}:${path}`;
}

/** ARN of something that the service brings along: a recipe, an algorithm, a feature transformation. */
export function builtInArn(region: string, path: string): string {
  return `arn:${partitionOf(region)}:personalize:::${path}`;
}

/** Whether an ARN is that of a recipe, an algorithm or a feature transformation, in whatever partition. */
export const isBuiltIn = (arn: string): boolean =>
  /^arn:aws[a-z-]*:personalize:::(recipe|algorithm|feature-transformation)\//.test(arn);

/** The name in a built-in ARN of `type`, in whatever partition; undefined if it is none. */
export function builtInName(arn: string, type: 'recipe' | 'algorithm' | 'feature-transformation'): string | undefined {
  const match = /^arn:aws[a-z-]*:personalize:::([a-z-]+)\/([^/]+)$/.exec(arn);
  return match?.[1] === type ? match[2] : undefined;
}

/** Account of an ARN that this server has made. */
export function accountOf(arn: string): string {
  const account = arn.split(':')[4];
  if (account === undefined) throw new Error(`${arn} names no account.`);
  return account;
}

const latestSuffix = '/$LATEST';

/** The solution that `<solution ARN>/$LATEST` speaks of; undefined for any other ARN. */
export function solutionOfLatest(arn: string): string | undefined {
  return arn.endsWith(latestSuffix) ? arn.slice(0, -latestSuffix.length) : undefined;
}

/** An ARN of Personalize: the service model's own text, and a form of it without backtracking. */
export const personalizeArn = {
  pattern: 'arn:([a-z\\d-]+):personalize:.*:.*:.+',
  linear: 'arn:[a-z\\d-]+:personalize:[^:\\n\\r\\u2028\\u2029]*:[^:\\n\\r\\u2028\\u2029]*:.+',
};

/** The path of an ARN, which follows the account, for each kind of resource that callers own. */
export const arnPaths = {
  schema: 'schema/{name}',
  'dataset-group': 'dataset-group/{name}',
  dataset: 'dataset/{datasetGroupName}/{datasetType}',
  'dataset-import-job': 'dataset-import-job/{jobName}',
  'dataset-export-job': 'dataset-export-job/{jobName}',
  'data-deletion-job': 'data-deletion-job/{jobName}',
  'event-tracker': 'event-tracker/{id}',
  filter: 'filter/{name}',
  'metric-attribution': 'metric-attribution/{name}',
  solution: 'solution/{name}',
  'solution-version': 'solution/{solutionName}/{id}',
  campaign: 'campaign/{name}',
  recommender: 'recommender/{name}',
  'batch-inference-job': 'batch-inference-job/{jobName}',
  'batch-segment-job': 'batch-segment-job/{jobName}',
} as const satisfies Record<string, string>;

export type ResourceKind = keyof typeof arnPaths;

/** The names in braces. */
type PartName<Path> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | PartName<Rest> : never;
type PathParts<Path> = { readonly [Name in PartName<Path>]: string };

/** Kinds that the service itself owns: their ARNs name neither region nor account. */
type BuiltInKind = 'recipe' | 'algorithm' | 'feature-transformation';

/** The partition that a region's ARNs begin with. */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

type Owner = { readonly account: string; readonly region: string };

/** The ARN of a caller's resource, such as `arnOf(caller, arnPaths.campaign, { name: 'films' })`. */
export function arnOf<Path extends string>({ account, region }: Owner, path: Path, parts: PathParts<Path>): string {
  const filledIn = (part: string, [name, value]: [string, string]) => part.replace(`{${name}}`, () => value);
  const resource = Object.entries<string>(parts).reduce(filledIn, path);
  return `arn:${partitionOf(region)}:personalize:${region}:${account}:${resource}`;
}

export function builtInArn(region: string, kind: BuiltInKind, name: string): string {
  return `arn:${partitionOf(region)}:personalize:::${kind}/${name}`;
}

/** The ARN of a key of the local key store. */
export const keyArn = (owner: Owner, id: string): string => kmsArn(owner, `key/${id}`);

/** @param name with `alias/` before it */
export const keyAliasArn = (owner: Owner, name: string): string => kmsArn(owner, name);

const kmsArn = ({ account, region }: Owner, resource: string) =>
  `arn:${partitionOf(region)}:kms:${region}:${account}:${resource}`;

/** Whether an ARN is that of a recipe, an algorithm or a feature transformation, in any partition. */
export const isBuiltIn = (arn: string): boolean =>
  /^arn:aws[a-z-]*:personalize:::(recipe|algorithm|feature-transformation)\//.test(arn);

/** The name in a built-in ARN of a kind, in any partition; undefined for any other ARN. */
export function builtInName(arn: string, kind: BuiltInKind): string | undefined {
  const match = /^arn:aws[a-z-]*:personalize:::([a-z-]+)\/([^/]+)$/.exec(arn);
  return match?.[1] === kind ? match[2] : undefined;
}

/** The account in an ARN that this server has made. */
export function accountOf(arn: string): string {
  const account = arn.split(':')[4];
  if (account === undefined) throw new Error(`${arn} names no account.`);
  return account;
}

const latestSuffix = '/$LATEST';

/** How a campaign names the newest version of a solution. */
export const latestVersionArn = (solutionArn: string): string => `${solutionArn}${latestSuffix}`;

/** The solution of an ARN that names its newest version; undefined for any other ARN. */
export function solutionOfLatest(arn: string): string | undefined {
  return arn.endsWith(latestSuffix) ? arn.slice(0, -latestSuffix.length) : undefined;
}

import * as adminAccess from './admin/access.ts';
import * as adminAttribution from './admin/attribution.ts';
import * as adminEvents from './admin/events.ts';
import * as adminExplanation from './admin/explanation.ts';
import * as adminImports from './admin/imports.ts';
import * as adminKeys from './admin/keys.ts';
import * as adminPolicies from './admin/policies.ts';
import * as adminRoles from './admin/roles.ts';
import * as adminSnapshot from './admin/snapshot.ts';
import * as iamAccessKey from './iam/access-key.ts';
import * as iamAccount from './iam/account.ts';
import * as iamInlinePolicy from './iam/inline-policy.ts';
import * as iamOidcProvider from './iam/oidc-provider.ts';
import * as iamPolicy from './iam/policy.ts';
import * as iamPolicyVersion from './iam/policy-version.ts';
import * as iamRole from './iam/role.ts';
import * as iamSimulation from './iam/simulation.ts';
import * as iamUser from './iam/user.ts';
import * as kmsAlias from './kms/alias.ts';
import * as kmsCryptography from './kms/cryptography.ts';
import * as kmsGrant from './kms/grant.ts';
import * as kmsKey from './kms/key.ts';
import * as kmsPolicy from './kms/policy.ts';
import * as kmsRotation from './kms/rotation.ts';
import * as kmsTag from './kms/tag.ts';
import type { Operation } from './operation.ts';
import * as algorithm from './personalize/algorithm.ts';
import * as batchInferenceJob from './personalize/batch-inference-job.ts';
import * as batchSegmentJob from './personalize/batch-segment-job.ts';
import * as campaign from './personalize/campaign.ts';
import * as dataDeletionJob from './personalize/data-deletion-job.ts';
import * as dataset from './personalize/dataset.ts';
import * as datasetExportJob from './personalize/dataset-export-job.ts';
import * as datasetGroup from './personalize/dataset-group.ts';
import * as datasetImportJob from './personalize/dataset-import-job.ts';
import * as eventTracker from './personalize/event-tracker.ts';
import * as featureTransformation from './personalize/feature-transformation.ts';
import * as filter from './personalize/filter.ts';
import * as metricAttribution from './personalize/metric-attribution.ts';
import * as recipe from './personalize/recipe.ts';
import * as recommender from './personalize/recommender.ts';
import * as schema from './personalize/schema.ts';
import * as solution from './personalize/solution.ts';
import * as solutionVersion from './personalize/solution-version.ts';
import * as tag from './personalize/tag.ts';
import * as actionInteractions from './personalize-events/action-interactions.ts';
import * as actions from './personalize-events/actions.ts';
import * as events from './personalize-events/events.ts';
import * as items from './personalize-events/items.ts';
import * as users from './personalize-events/users.ts';
import * as actionRecommendations from './personalize-runtime/action-recommendations.ts';
import * as recommendations from './personalize-runtime/recommendations.ts';
import type { Static } from './shape.ts';
import * as assumeRole from './sts/assume-role.ts';
import * as callerIdentity from './sts/caller-identity.ts';
import * as sessionToken from './sts/session-token.ts';
import * as webIdentity from './sts/web-identity.ts';

/** Every operation of the three services, by name. Each of these files exports operations only. */
export const serviceOperations = {
  ...algorithm,
  ...batchInferenceJob,
  ...batchSegmentJob,
  ...campaign,
  ...dataDeletionJob,
  ...dataset,
  ...datasetExportJob,
  ...datasetGroup,
  ...datasetImportJob,
  ...eventTracker,
  ...featureTransformation,
  ...filter,
  ...metricAttribution,
  ...recipe,
  ...recommender,
  ...schema,
  ...solution,
  ...solutionVersion,
  ...tag,
  ...actionInteractions,
  ...actions,
  ...events,
  ...items,
  ...users,
  ...actionRecommendations,
  ...recommendations,
} as const satisfies Record<string, Operation>;

/** What IAM and STS are asked: who calls, and who may do what. */
export const identityOperations = {
  ...assumeRole,
  ...callerIdentity,
  ...iamAccessKey,
  ...iamAccount,
  ...iamInlinePolicy,
  ...iamOidcProvider,
  ...iamPolicy,
  ...iamPolicyVersion,
  ...iamRole,
  ...iamSimulation,
  ...iamUser,
  ...sessionToken,
  ...webIdentity,
} as const satisfies Record<string, Operation>;

/** What AWS KMS is asked about keys and by them, as far as it is built here. */
export const keyOperations = {
  ...kmsKey,
  ...kmsAlias,
  ...kmsCryptography,
  ...kmsRotation,
  ...kmsPolicy,
  ...kmsTag,
  ...kmsGrant,
} as const satisfies Record<string, Operation>;

export type KeyOperationName = keyof typeof keyOperations;

/** What the people who run a server ask it, beyond the API of the services. */
export const adminOperations = {
  ...adminAccess,
  ...adminPolicies,
  ...adminRoles,
  ...adminKeys,
  ...adminEvents,
  ...adminExplanation,
  ...adminImports,
  ...adminAttribution,
  ...adminSnapshot,
} as const satisfies Record<string, Operation>;

export type AdminOperationName = keyof typeof adminOperations;

/** Every operation that a server answers, by name. */
export const operations = {
  ...serviceOperations,
  ...keyOperations,
  ...identityOperations,
  ...adminOperations,
} as const;

export type OperationName = keyof typeof operations;

/** The validated input of an operation. */
export type Input<O extends OperationName> = Static<(typeof operations)[O]['input']>;

/** What an operation returns. */
export type Output<O extends OperationName> = Static<(typeof operations)[O]['output']>;

import { identityArns } from '../access/authorisation/identity-arn.ts';
import type { Principal } from '../access/principal.ts';
import { signatureVerifier } from '../access/principals/verified-principal.ts';
import type { ServerOptions } from '../cli/options/server-options.ts';
import { validate } from '../contract/validate.ts';
import { resourceTags } from '../control/access/resource-tags.ts';
import type { Control } from '../control/control.ts';
import { withOutage } from '../control/outages.ts';
import type { Database } from '../data/database/database.ts';
import { auditCalls } from '../edge/audit/call-audit.ts';
import type { Recorder } from '../edge/audit/recorder.ts';
import { authenticateBy } from '../edge/authentication.ts';
import { authoriseBy } from '../edge/authorisation.ts';
import { decodeInput } from '../edge/decoding.ts';
import { authoriseEach, authoriseKeysBy } from '../edge/key-authorisation.ts';
import type { Steps } from '../edge/pipeline.ts';
import type { Logger } from '../util/logger.ts';
import type { Verified } from './principals.ts';

type StepParts = {
  readonly token: string;
  readonly control: Control;
  readonly database: Database;
  readonly verified: Verified | undefined;
  readonly limit: Steps['limit'];
  readonly recorder: Recorder | undefined;
  readonly log: Logger;
};

/** The steps of a call. Without verified signatures, every caller may do everything in the account. */
export const stepsOf = (
  { account }: ServerOptions,
  { token, control, database, verified, limit, recorder, log }: StepParts,
): Steps => ({
  authenticate: authenticateBy({
    account,
    token,
    verify: verified && signatureVerifier({ principals: verified.principals, now: () => Date.now() }),
  }),
  decode: decodeInput,
  validate,
  limit,
  authorise: withOutage(
    authoriseEach({
      keys: authoriseKeysBy({ database, rightsOf: verified?.policies.rightsOf ?? rootRights, now: () => Date.now() }),
      others:
        verified &&
        authoriseBy({
          rightsOf: verified.policies.rightsOf,
          tagsOf: resourceTags(database),
          identityOf: identityArns(database),
          now: () => Date.now(),
        }),
    }),
    log,
  ),
  dispatch: control.dispatch,
  ...(recorder && { audit: auditCalls(recorder) }),
});

const rootRights = ({ arn }: Principal) => ({ policies: undefined, principalTags: [], principalArn: arn });

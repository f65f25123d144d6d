import type { RoleSession } from '../principal.ts';
import { sessionArn } from './identifiers.ts';
import type { Role } from './role-store.ts';

type SessionFacts = Pick<
  RoleSession,
  'session' | 'issuedAt' | 'limits' | 'tags' | 'transitiveTagKeys' | 'sourceIdentity' | 'federation'
>;

/** What temporary credentials of a role are. */
export const roleSession = (
  { account, name, arn, id }: Pick<Role, 'account' | 'name' | 'arn' | 'id'>,
  { session, ...facts }: SessionFacts,
): RoleSession => ({
  kind: 'session',
  account,
  arn: sessionArn(account, name, session),
  role: name,
  roleArn: arn,
  session,
  id: `${id}:${session}`,
  ...facts,
});

import type { Output } from '../contract/operations.ts';
import { perform } from './access.ts';
import { holderText, readDocumentFile } from './access-policies.ts';
import { timeOf } from './ask-admin.ts';
import type { RoleVerb, Verbs } from './commands.ts';

/** The verbs of roles, and of what users and roles have in common. All throw an Error with a sentence for a person. */
export const roleVerbs = (output: NodeJS.WritableStream): Pick<Verbs, RoleVerb> => ({
  async 'access create-role'({ role: name, trust, maxHours, policy, tags, account, path, ...given }) {
    const { description, boundary, ...places } = given;
    const { arn } = await perform(places, 'AddRole', {
      ...{ account, name, path, description, boundary, tags: [...tags], policies: [...policy] },
      trustPolicy: await readDocumentFile(trust),
      maxSessionSeconds: Math.round(maxHours * 3600),
    });
    output.write(`${arn} is there.\n`);
    if (policy.length === 0)
      output.write('Its sessions may do nothing yet: openpersonalize access attach-policy --help\n');
  },
  async 'access list-roles'(places) {
    output.write(listed(await perform(places, 'ListAccountRoles', {})));
  },
  async 'access put-trust'({ role, document, account, ...places }) {
    await perform(places, 'PutTrust', { account, role, document: await readDocumentFile(document) });
    output.write(`Role ${role} of account ${account} has that trust policy. Sessions that were made before go on.\n`);
  },
  async 'access delete-role'({ role: name, account, ...places }) {
    await perform(places, 'RemoveRole', { account, name });
    output.write(`Role ${name} of account ${account} is deleted, with its policies, and its sessions have ended.\n`);
  },
  async 'access tag'({ tags, account, user, role, ...places }) {
    await perform(places, 'TagPrincipal', { account, user, role, tags: [...tags] });
    output.write(`${holderText({ account, user, role })} has ${tags.map(({ key, value }) => `${key}=${value}`)}.\n`);
  },
  async 'access untag'({ keys, account, user, role, ...places }) {
    await perform(places, 'UntagPrincipal', { account, user, role, tagKeys: [...keys] });
    output.write(`${holderText({ account, user, role })} has no tag of ${keys} any more.\n`);
  },
  async 'access put-boundary'({ policy, account, user, role, ...places }) {
    await perform(places, 'SetBoundary', { account, user, role, policy });
    output.write(`${holderText({ account, user, role })} may do no more than ${policy} allows.\n`);
  },
  async 'access delete-boundary'({ account, user, role, ...places }) {
    await perform(places, 'SetBoundary', { account, user, role });
    output.write(`${holderText({ account, user, role })} has no permissions boundary any more.\n`);
  },
  async 'access create-oidc-provider'({ url, clientIds, account, ...places }) {
    const { arn } = await perform(places, 'AddIssuer', { account, url, clientIds: [...clientIds] });
    output.write(`${arn} is there: trust policies of account ${account} can name it as Federated.\n`);
  },
  async 'access list-oidc-providers'(places) {
    const { issuers } = await perform(places, 'ListAccountIssuers', {});
    output.write(
      issuers.map(({ arn, url, clientIds }) => `\n${arn}\n  ${url}, for ${clientIds.join(', ')}\n`).join(''),
    );
    if (issuers.length === 0) output.write('There are no OIDC providers.\n');
  },
  async 'access delete-oidc-provider'({ url, account, ...places }) {
    await perform(places, 'RemoveIssuer', { account, url });
    output.write(`Tokens of ${url} are taken no more. Sessions that were made with them go on to their end.\n`);
  },
  async 'access delete-account'({ account, ...places }) {
    await perform(places, 'RemoveAccount', { account });
    output.write(`Account ${account} is deleted, with its users, roles, access keys and policies.\n`);
  },
});

function listed({ roles }: Output<'ListAccountRoles'>): string {
  if (roles.length === 0) return 'There are no roles.\n';
  return roles
    .map(({ arn, description, maxSessionSeconds, boundary, tags, createdAt, trustPolicy }) => {
      const facts = [
        ...(description === '' ? [] : [description]),
        `since ${timeOf(createdAt)} (UTC), sessions of ${maxSessionSeconds / 3600} hours at most`,
        ...(boundary === undefined ? [] : [`permissions boundary ${boundary}`]),
        ...(tags.length === 0 ? [] : [`tags ${tags.map(({ key, value }) => `${key}=${value}`).join(', ')}`]),
      ];
      return `\n${arn}\n${facts.map((fact) => `  ${fact}\n`).join('')}${trustPolicy}\n`;
    })
    .join('');
}

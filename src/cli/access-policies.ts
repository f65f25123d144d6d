import { readFile } from 'node:fs/promises';
import type { Output } from '../contract/operations.ts';
import { perform } from './access.ts';
import type { PolicyVerb, Verbs } from './commands.ts';

/** The verbs of policies. All of them throw an Error with a sentence for a person. */
export const policyVerbs = (output: NodeJS.WritableStream): Pick<Verbs, PolicyVerb> => ({
  async 'access attach-policy'({ policy, account, user, role, ...places }) {
    const { arn } = await perform(places, 'AttachPolicy', { account, user, role, policy });
    output.write(`${holderText({ account, user, role })} has the policy ${arn}.\n`);
  },
  async 'access detach-policy'({ policy, account, user, role, ...places }) {
    await perform(places, 'DetachPolicy', { account, user, role, policy });
    output.write(`${holderText({ account, user, role })} does not have the policy ${policy} any more.\n`);
  },
  async 'access put-policy'({ policy: name, document: file, account, user, role, ...places }) {
    const document = await readDocumentFile(file);
    if (user !== undefined || role !== undefined) {
      await perform(places, 'PutInlinePolicy', { account, user, role, name, document });
      output.write(`${holderText({ account, user, role })} has the policy ${name}.\n`);
    } else {
      const { arn } = await perform(places, 'PutPolicy', { account, name, document });
      output.write(
        `The policy ${arn} is there. Give it to a user or a role: access attach-policy ${name} --user USER\n`,
      );
    }
  },
  async 'access delete-policy'({ policy: name, account, user, role, ...places }) {
    const isOwn = user !== undefined || role !== undefined;
    if (isOwn) await perform(places, 'RemoveInlinePolicy', { account, user, role, name });
    else await perform(places, 'RemovePolicy', { account, policy: name });
    output.write(`The policy ${name} is deleted.\n`);
  },
  async 'access list-policies'({ account, user, role, ...places }) {
    output.write(listed(await perform(places, 'ListPolicies', { account, user, role })));
  },
  async 'access explain'({ principal, action, resource, keys, ...places }) {
    const answer = await perform(places, 'ExplainAccess', { principal, action, resource, keys: [...keys] });
    output.write(explained(answer, `${principal} may do ${action} on ${resource}.`));
  },
});

/** @throws Error with a sentence if it cannot be read */
export async function readDocumentFile(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch((error: Error) => {
    throw new Error(`The document ${file} cannot be read: ${error.message}`);
  });
}

type NamedHolder = {
  readonly account: string;
  readonly user?: string | undefined;
  readonly role?: string | undefined;
};

/** A user or a role, at the beginning of a sentence. */
export const holderText = ({ account, user, role }: NamedHolder): string =>
  `${role === undefined ? `User ${user}` : `Role ${role}`} of account ${account}`;

function listed({ attached, inline }: Output<'ListPolicies'>): string {
  if (attached.length + inline.length === 0) return 'There are no policies.\n';
  return [...attached, ...inline].map(({ name, arn, document }) => `\n${arn ?? name}\n${document}\n`).join('');
}

/** What a caller would be told, then each statement and what it says. */
function explained({ message, statements }: Output<'ExplainAccess'>, allowed: string): string {
  const lines = statements.flatMap(({ policyType, policy, statement, effect, applies, because }) => [
    `  ${applies ? effect.toUpperCase() : '–'}  ${effect} ${statement} of ${policy} (${policyType})`,
    ...because.map((reason) => `       ${reason}`),
  ]);
  return `${[message ?? allowed, ...lines].join('\n')}\n`;
}

import { access } from 'node:fs/promises';
import type { NewAccessKey } from '../access/principals/principal-store.ts';
import type { AdminOperationName, Input, Output } from '../contract/operations.ts';
import { table } from '../terminal/table.ts';
import { timeOf } from './ask-admin.ts';
import type { PolicyVerb, RoleVerb, Verbs } from './commands.ts';
import { keyLocation } from './locations.ts';
import type { AccessOptions } from './options/access-options.ts';

type AccessVerbs = Omit<
  { readonly [Name in keyof Verbs as Name extends `access ${string}` ? Name : never]: Verbs[Name] },
  PolicyVerb | RoleVerb
>;

/** The verbs of accounts, users and access keys. All of them throw an Error with a sentence for a person. */
export const accessVerbs = (output: NodeJS.WritableStream): AccessVerbs => ({
  async 'access create-account'({ account, name, ...places }) {
    const made = await perform(places, 'AddAccount', { account, name });
    output.write(
      `Account ${made.account} is there. A key for it: openpersonalize access create-key --account ${made.account}\n`,
    );
  },
  async 'access create-user'({ user, account, policy, boundary, admin, ...places }) {
    const policies = admin ? [...policy, 'AmazonPersonalizeFullAccess'] : [...policy];
    const { arn } = await perform(places, 'AddUser', { account, name: user, policies, boundary });
    output.write(
      `${arn} is there. A key for it: openpersonalize access create-key --account ${account} --user ${user}\n`,
    );
    if (policies.length === 0) output.write(`It may do nothing yet: openpersonalize access attach-policy --help\n`);
  },
  async 'access create-key'({ account, user, ...places }) {
    const file = keyLocation(places);
    const wasThere = await isThere(file);
    output.write(shown(await perform(places, 'AddAccessKey', { account, user })));
    if (wasThere || !(await isThere(file))) return;
    output.write(`${file} is new: without that file, no secret in the database can be read. Keep a copy of it.\n`);
  },
  async 'access create-session'({ account, user, hours, ...places }) {
    const made = await perform(places, 'AddSession', { account, user, lastsMs: Math.round(hours * 3_600_000) });
    const token = `  export AWS_SESSION_TOKEN=${made.sessionToken}\n`;
    output.write(`${shown(made).trimEnd()}\n${token}\nThey work until ${timeOf(made.expiresAt)} (UTC).\n`);
  },
  async 'access rotate-key'({ key, graceHours, ...places }) {
    const graceMs = Math.round(graceHours * 3_600_000);
    const made = await perform(places, 'RotateAccessKey', { accessKeyId: key, graceMs });
    output.write(`${shown(made)}${key} works until ${timeOf(Date.now() + graceMs)} (UTC).\n`);
  },
  async 'access disable-key'({ key, ...places }) {
    await perform(places, 'SetAccessKeyStatus', { accessKeyId: key, status: 'Inactive' });
    output.write(`${key} is disabled.\n`);
  },
  async 'access enable-key'({ key, ...places }) {
    await perform(places, 'SetAccessKeyStatus', { accessKeyId: key, status: 'Active' });
    output.write(`${key} is enabled.\n`);
  },
  async 'access delete-key'({ key, ...places }) {
    await perform(places, 'RemoveAccessKey', { accessKeyId: key });
    output.write(`${key} is deleted.\n`);
  },
  async 'access delete-user'({ user, account, ...places }) {
    await perform(places, 'RemoveUser', { account, name: user });
    output.write(`User ${user} of account ${account} is deleted, with its access keys.\n`);
  },
  async 'access list'(places) {
    output.write(listed(await perform(places, 'ListPrincipals', {})));
  },
});

const isThere = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );

/** What performs it is loaded here, so that `--help` answers at once. */
export async function perform<O extends AdminOperationName>(
  places: AccessOptions,
  name: O,
  input: Input<O>,
): Promise<Output<O>> {
  const { administer } = await import('./administer.ts');
  return await administer(places, name, input);
}

const shown = ({ arn, accessKeyId, secretAccessKey }: NewAccessKey) => `
An access key of ${arn}. Its secret is shown this once:

  export AWS_ACCESS_KEY_ID=${accessKeyId}
  export AWS_SECRET_ACCESS_KEY=${secretAccessKey}

`;

function listed({ accounts }: Output<'ListPrincipals'>): string {
  const rows = accounts.flatMap(({ account, name, users, keys }) => {
    const owners = [`arn:aws:iam::${account}:root`, ...users.map(({ arn }) => arn)];
    return owners.flatMap((owner) => {
      const own = keys.filter(({ arn }) => arn === owner);
      if (own.length === 0) return [[account, name, owner, '–', '–', '–', '–']];
      return own.map(({ accessKeyId, status, createdAt, expiresAt }) => [
        ...[account, name, owner, accessKeyId, status, timeOf(createdAt)],
        expiresAt === undefined ? '–' : timeOf(expiresAt),
      ]);
    });
  });
  return `\n${table(columns, rows)}\n`;
}

const columns = [
  ...[{ title: 'account' }, { title: 'name', limit: 24 }, { title: 'whose' }, { title: 'access key' }],
  ...[{ title: 'status' }, { title: 'created (UTC)' }, { title: 'ends (UTC)' }],
];

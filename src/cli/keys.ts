import type { Output } from '../contract/operations.ts';
import { table } from '../terminal/table.ts';
import { perform } from './access.ts';
import { timeOf } from './ask-admin.ts';
import type { KeyVerb, Verbs } from './commands.ts';
import { aliasName } from './options/key-options.ts';

/** The verbs of keys. All of them throw an Error with a sentence for a person. */
export const keyVerbs = (output: NodeJS.WritableStream): Pick<Verbs, KeyVerb> => ({
  async 'keys create'({ account, region, alias, description, rotationDays, ...places }) {
    const wanted = { account, region: regionOf(region), alias, description, rotationDays };
    const { arn } = await perform(places, 'AddKey', wanted);
    output.write(`The key is there. For kmsKeyArn of a dataset group:\n\n  ${arn}\n`);
  },
  async 'keys list'(places) {
    const { keys } = await perform(places, 'ListCustomerKeys', {});
    output.write(keys.length === 0 ? 'There are no keys.\n' : `\n${table(columns, keys.map(rowOf))}\n`);
  },
  async 'keys describe'({ key, account, region, ...places }) {
    output.write(described(await perform(places, 'DescribeCustomerKey', { key, account, region: regionOf(region) })));
  },
  async 'keys rotate'({ key, account, region, every, ...places }) {
    const named = { key, account, region: regionOf(region) };
    if (every === undefined) {
      const { arn, version } = await perform(places, 'RotateKey', named);
      output.write(`${arn} encrypts with version ${version} now, and decrypts with all.\n`);
      return;
    }
    const days = every === 'never' ? {} : { rotationDays: Number(every) };
    const { arn } = await perform(places, 'SetKeyRotation', { ...named, ...days });
    output.write(`${arn} is rotated by itself ${every === 'never' ? 'no more' : `every ${every} days`}.\n`);
  },
  async 'keys disable'({ key, account, region, ...places }) {
    const named = { key, account, region: regionOf(region) };
    const { arn } = await perform(places, 'SetKeyState', { ...named, state: 'Disabled' });
    output.write(`${arn} is disabled: what it has encrypted cannot be read until it is enabled.\n`);
  },
  async 'keys enable'({ key, account, region, ...places }) {
    const named = { key, account, region: regionOf(region) };
    const { arn } = await perform(places, 'SetKeyState', { ...named, state: 'Enabled' });
    output.write(`${arn} is enabled.\n`);
  },
  async 'keys delete'({ key, account, region, days, ...places }) {
    const { arn, deleteAt } = await perform(places, 'RemoveKey', { key, account, region: regionOf(region), days });
    output.write(
      `${arn} works no more, and is gone at ${timeOf(deleteAt)} (UTC): what it has encrypted cannot be read then, ever.\n` +
        'To have it back before: openpersonalize keys restore\n',
    );
  },
  async 'keys restore'({ key, account, region, ...places }) {
    const { arn } = await perform(places, 'RestoreKey', { key, account, region: regionOf(region) });
    output.write(`${arn} is not deleted. It is disabled: openpersonalize keys enable\n`);
  },
  async 'keys alias'({ alias: name, key, account, region, delete: isToGo, ...places }) {
    const scope = { account, region: regionOf(region) };
    const alias = aliasName(name);
    if (isToGo) {
      await perform(places, 'RemoveKeyAlias', { ...scope, alias });
      output.write(`${alias} is removed.\n`);
      return;
    }
    if (key === undefined)
      throw new Error(`Which key is ${alias} for? Name it with --key, or remove it with --delete.`);
    const { arn } = await perform(places, 'SetKeyAlias', { ...scope, alias, key });
    output.write(`${alias} is for ${arn}.\n`);
  },
});

const regionOf = (given: string | undefined) =>
  given ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1';

type ListedKey = Output<'DescribeCustomerKey'>['key'];

const columns = [
  ...[{ title: 'key' }, { title: 'aliases', limit: 40 }, { title: 'description', limit: 30 }, { title: 'state' }],
  ...[{ title: 'version' }, { title: 'created (UTC)' }, { title: 'rotated next (UTC)' }, { title: 'gone at (UTC)' }],
];

const rowOf = ({ arn, aliases, description, state, version, createdAt, rotateAt, deleteAt }: ListedKey) => [
  ...[arn, aliases.join(' '), description, state, String(version), timeOf(createdAt)],
  ...[rotateAt, deleteAt].map((time) => (time === undefined ? '–' : timeOf(time))),
];

function described({ key, policy, versions }: Output<'DescribeCustomerKey'>): string {
  const made = versions.map(({ version, createdAt }) => `  version ${version}, ${timeOf(createdAt)} (UTC)`);
  const facts = rowOf(key).map((value, index) => `${columns[index]?.title ?? ''}: ${value}`);
  return `${[...facts, 'versions:', ...made, 'policy:', policy].join('\n')}\n`;
}

import {
  createAccountOptions,
  createKeyOptions,
  createSessionOptions,
  createUserOptions,
  keyOptions,
  listAccessOptions,
  rotateKeyOptions,
  userOptions,
} from './options/access-options.ts';
import { auditSearchOptions, auditVerifyOptions } from './options/audit-options.ts';
import { evaluateOptions } from './options/evaluate-options.ts';
import {
  aliasOptions,
  createKmsKeyOptions,
  deleteKmsKeyOptions,
  kmsKeyOptions,
  listKmsKeysOptions,
  rotateKmsKeyOptions,
} from './options/key-options.ts';
import type { ValuesOf } from './options/option.ts';
import {
  attachPolicyOptions,
  deletePolicyOptions,
  explainAccessOptions,
  listPoliciesOptions,
  putPolicyOptions,
} from './options/policy-options.ts';
import {
  createIssuerOptions,
  createRoleOptions,
  deleteAccountOptions,
  deleteBoundaryOptions,
  issuerOptions,
  listRolesOptions,
  putBoundaryOptions,
  putTrustOptions,
  roleOptions,
  tagOptions,
  untagOptions,
} from './options/role-options.ts';
import { quickstartOptions, startOptions } from './options/server-options.ts';
import {
  attributionOptions,
  backupOptions,
  doctorOptions,
  eventsOptions,
  explainOptions,
  importsOptions,
  recommendOptions,
  restoreOptions,
} from './options/tool-options.ts';

/**
 * The verbs of the command line, each with the options that it takes, in the order of `--help`. Verbs of two words
 * stand together under the first.
 */
export const commands = {
  start: { description: 'run the server until SIGTERM or SIGINT', options: startOptions },
  quickstart: {
    description: 'run the server and go with it from data to recommendations, step by step',
    options: quickstartOptions,
  },
  evaluate: {
    description: 'train recipes on a part of a dataset and measure, beside baselines, how well they predict the rest',
    options: evaluateOptions,
  },
  events: {
    description: 'show the last events of a tracker or of a user, and what became of each',
    options: eventsOptions,
  },
  explain: {
    description:
      'say why a campaign or recommender gives a user these items: which interactions and parts of the model carry each',
    options: explainOptions,
  },
  imports: {
    description: 'show the newest import jobs, and what was wrong with the rows of one',
    options: importsOptions,
  },
  recommend: {
    description: 'write the recommendations for all users of a file as CSV, by a batch inference job',
    options: recommendOptions,
  },
  attribution: {
    description: 'show clicks, purchases and other metrics by what brought them, over time',
    options: attributionOptions,
  },
  backup: {
    description: "copy a server's database and the objects that it names, while it runs or not",
    options: backupOptions,
  },
  restore: {
    description: 'put a backup into a new home, or into a new database and an empty store',
    options: restoreOptions,
  },
  doctor: {
    description: 'check database, store, disk, clock and port, and say what is wrong and what to do',
    options: doctorOptions,
  },
  'audit verify': {
    description: 'check that no record of the audit trail was altered, removed or moved',
    options: auditVerifyOptions,
  },
  'audit search': { description: 'show records of the audit trail', options: auditSearchOptions },
  'access create-account': {
    description: 'make an account, which sees nothing of others',
    options: createAccountOptions,
  },
  'access create-user': { description: 'make a user of an account', options: createUserOptions },
  'access create-key': {
    description: "make an access key of a user, or of an account's root, and show its secret once",
    options: createKeyOptions,
  },
  'access create-session': {
    description: "make temporary credentials of a user, or of an account's root, and show them once",
    options: createSessionOptions,
  },
  'access list': { description: 'show accounts, users and access keys', options: listAccessOptions },
  'access disable-key': { description: 'have an access key work no more, until it is enabled', options: keyOptions },
  'access enable-key': { description: 'have an access key that was disabled work again', options: keyOptions },
  'access rotate-key': {
    description: 'give the holder of an access key another one, and end the former after a time',
    options: rotateKeyOptions,
  },
  'access delete-key': { description: 'delete an access key', options: keyOptions },
  'access delete-user': { description: "delete a user and the user's access keys", options: userOptions },
  'access create-role': { description: 'make a role, which others take on for a time', options: createRoleOptions },
  'access list-roles': { description: 'show roles with their trust policies', options: listRolesOptions },
  'access put-trust': { description: 'say who may assume a role', options: putTrustOptions },
  'access delete-role': { description: 'delete a role, and end its sessions', options: roleOptions },
  'access tag': { description: 'give a user or a role tags, for conditions of policies', options: tagOptions },
  'access untag': { description: 'take tags from a user or a role', options: untagOptions },
  'access put-boundary': {
    description: 'limit what the policies of a user or a role can allow to what one policy allows',
    options: putBoundaryOptions,
  },
  'access delete-boundary': {
    description: 'have the policies of a user or a role allow what they say again',
    options: deleteBoundaryOptions,
  },
  'access create-oidc-provider': {
    description: 'have roles of an account trust the tokens of an OIDC issuer',
    options: createIssuerOptions,
  },
  'access list-oidc-providers': { description: 'show the issuers that accounts trust', options: listRolesOptions },
  'access delete-oidc-provider': { description: 'take tokens of an issuer no more', options: issuerOptions },
  'access delete-account': {
    description: 'delete an account that has no resources, with its users, roles, access keys and policies',
    options: deleteAccountOptions,
  },
  'access attach-policy': { description: 'give a user or a role a policy', options: attachPolicyOptions },
  'access detach-policy': {
    description: 'take a policy that was attached from a user or a role',
    options: attachPolicyOptions,
  },
  'access put-policy': {
    description: 'give a user or a role a policy of its own, or make one that all of the account can have attached',
    options: putPolicyOptions,
  },
  'access delete-policy': { description: 'delete a policy that was put', options: deletePolicyOptions },
  'access list-policies': {
    description: 'show the policies of a user or a role, or those of the account',
    options: listPoliciesOptions,
  },
  'access explain': {
    description: 'say whether a user or a role may do something, and what each of its policies says to that',
    options: explainAccessOptions,
  },
  'keys create': { description: 'make a key that dataset groups are encrypted with', options: createKmsKeyOptions },
  'keys list': { description: 'show the keys of all accounts', options: listKmsKeysOptions },
  'keys describe': { description: 'show a key, its versions and its policy', options: kmsKeyOptions },
  'keys rotate': {
    description: 'have a key encrypt with a new version, and decrypt with all',
    options: rotateKmsKeyOptions,
  },
  'keys disable': {
    description: 'have nothing be read that a key has encrypted, until it is enabled',
    options: kmsKeyOptions,
  },
  'keys enable': { description: 'have a key that was disabled work again', options: kmsKeyOptions },
  'keys delete': {
    description: 'delete a key after some days, and with it, for ever, all that it has encrypted',
    options: deleteKmsKeyOptions,
  },
  'keys restore': { description: 'have a key back that is to be deleted', options: kmsKeyOptions },
  'keys alias': { description: 'give a key a name, or remove one', options: aliasOptions },
};

export type VerbName = keyof typeof commands;

/** The verbs of policies. */
export type PolicyVerb = Extract<VerbName, `access ${string}-polic${string}` | 'access explain'>;

/** The verbs of roles, issuers, tags and boundaries, and the end of an account. */
export type RoleVerb = Extract<
  VerbName,
  | `access ${string}-role${string}`
  | `access ${string}-oidc-provider${string}`
  | `access ${string}-boundary`
  | `access ${string}tag`
  | 'access put-trust'
  | 'access delete-account'
>;

export const verbNames = Object.keys(commands).filter((name): name is VerbName => name in commands);

export type TableOf<Name extends VerbName> = (typeof commands)[Name]['options'];

/** The verbs of keys. */
export type KeyVerb = Extract<VerbName, `keys ${string}`>;

/** What runs for each verb. */
export type Verbs = { readonly [Name in VerbName]: (options: ValuesOf<TableOf<Name>>) => Promise<void> };

import type { Generated } from 'kysely';

/** One row a resource: what every kind has in common in columns, the rest as JSON in `document`. */
export type ResourceRow = {
  /** Grows with creation, so that lists can be newest first and stable across pages. */
  sequence: Generated<number>;
  arn: string;
  kind: string;
  account: string;
  region: string;
  name: string;
  /** ARN of the resource it belongs to; null for those of the account. */
  parent: string | null;
  status: string;
  document: string;
  /** Raised by every change; a change names the version that it read (compare-and-set). */
  version: number;
  /** Milliseconds since the epoch, as are all times in the database. */
  created_at: number;
  updated_at: number;
};

export type TagRow = { resource_arn: string; key: string; value: string };

/** One row a piece of long work that is not finished yet. */
export type JobRow = {
  id: Generated<number>;
  kind: string;
  resource_arn: string;
  /** Jobs of the same key run one after another, oldest first; those without one (null) do not wait for another. */
  serial_key: string | null;
  /** The node that works on it; null while it waits. */
  owner: string | null;
  lease_expires_at: number | null;
  /** How often it was begun, but for attempts that kept something and did not fail. */
  attempts: number;
  /** How many attempts failed; the others were interrupted. */
  failures: Generated<number>;
  cancel_requested: number;
  not_before: number;
  created_at: number;
  /** Which share of the resource's work it is, from 0; null: all of it. */
  part: number | null;
};

/** The manifest of a dataset: the Parquet files that make it up, in order of import. */
export type DatasetFileRow = {
  dataset_arn: string;
  position: number;
  /** Key in the server's object store. */
  key: string;
  rows: number;
  bytes: number;
  /** ARN of the import job; of the dataset itself for records that came one by one. */
  import_job_arn: string;
  created_at: number;
  /** The last position of the record log that the file holds; null for the file of an import job. */
  through: number | null;
  /** SHA-256 of its content in hexadecimal; null for a file that an earlier release wrote. */
  sha256: string | null;
};

/** Records that came one by one and are in no file yet: those of one dataset that were committed together. */
export type RecordLogRow = {
  /** Grows in the order of commits, across all nodes. */
  position: Generated<number>;
  dataset_arn: string;
  /** Id of the columns in `body`. */
  layout: number;
  /** The node that has written it. */
  node: string;
  records: number;
  bytes: number;
  created_at: number;
  /** CSV, a line a record. */
  body: string;
};

/**
 * Columns of lines in the record log, as JSON; never changed, so that a row can be read whatever became of its schema.
 */
export type RecordLayoutRow = { id: Generated<number>; columns: string };

/** Lists of items that were answered to someone, as many as came together. */
export type ImpressionsRow = {
  batch: string;
  created_at: number;
  /** CSV, a line a list. */
  body: string;
};

/** What was wrong with the rows of an import job, if anything was; gone with the job's resource. */
export type ImportProblemsRow = {
  import_job_arn: string;
  /** JSON, a list of at most a thousand. */
  body: string;
};

/** Users whom a data deletion job deletes, for as long as it works. */
export type UsersToDeleteRow = {
  job_arn: string;
  /** From 0. */
  part: number;
  dataset_group_arn: string;
  /** JSON, a list of ids. */
  body: string;
};

/** What the server removes from the store: what it has written, or is writing, and nothing refers to. */
export type UnreferencedObjectRow = {
  /** A key, or what keys begin with (ending in `/`). */
  name: string;
  /** The job that may still be writing there; null: none. */
  job_id: number | null;
  created_at: number;
};

/** A tenant of the server: what it owns, no other account sees. */
export type AccountRow = { id: string; name: string; created_at: number };

/** Somebody of an account. */
export type UserRow = {
  id: string;
  account: string;
  name: string;
  /** `/`, or such as `/team/`: a part of the ARN. */
  path: Generated<string>;
  /** ARN of the policy that limits what its policies can allow; null: none does. */
  boundary: string | null;
  created_at: number;
};

/** What others, by their credentials or an issuer's token, can take on for a time. */
export type RoleRow = {
  id: string;
  account: string;
  name: string;
  path: string;
  description: string;
  max_session_seconds: number;
  /** Document that says who may take it on. */
  trust_policy: string;
  boundary: string | null;
  created_at: number;
};

/** A tag of a user or role. */
export type PrincipalTagRow = { holder: string; key: string; value: string };

/** An issuer of OIDC tokens that an account trusts. */
export type OidcProviderRow = {
  arn: string;
  account: string;
  /** `https://HOST/PATH`, as the issuer writes itself into its tokens. */
  url: string;
  /** JSON, a list of audiences. */
  client_ids: string;
  /** JSON, a list of hexadecimal digits. */
  thumbprints: string;
  created_at: number;
};

/** What somebody signs calls with. */
export type AccessKeyRow = {
  id: string;
  account: string;
  /** null: of the account's root, which may do everything in it. */
  user_id: string | null;
  status: 'Active' | 'Inactive';
  /** The secret, encrypted with the key that the server has in a file. */
  sealed_secret: string;
  created_at: number;
  /** When it ends; null: never. */
  expires_at: number | null;
};

/** A policy of an account, which its users and roles can have attached. */
export type PolicyRow = {
  arn: string;
  account: string;
  name: string;
  path: Generated<string>;
  description: Generated<string>;
  /** Of the version that is in force. */
  document: string;
  created_at: number;
  /** The number of that version. */
  version: Generated<number>;
  /** The highest number that a version has been given. */
  versions: Generated<number>;
  /** When that version was made; null: with the policy. */
  version_created_at: number | null;
};

/** A version of a policy that is not in force. */
export type PolicyVersionRow = { arn: string; number: number; document: string; created_at: number };

/** Who has which policy. The holder is the id of a user or role, which is never given twice. */
export type PolicyAttachmentRow = { holder: string; policy_arn: string };

/** A policy that one user or role has alone. */
export type InlinePolicyRow = { holder: string; name: string; document: string };

/** A key that data keys and short texts are encrypted with. */
export type KeyRow = {
  /** A UUID, the last part of the ARN. */
  id: string;
  account: string;
  region: string;
  description: string;
  state: 'Enabled' | 'Disabled' | 'PendingDeletion';
  /** Who may do what with it: a policy document. */
  policy: string;
  /** Of its versions, the one that encrypts. */
  version: number;
  created_at: number;
  /** When a key that is pending deletion is gone; null: never. */
  delete_at: number | null;
  /** How often it is rotated by itself; null: never. */
  rotation_days: number | null;
  rotate_at: number | null;
};

/** What a key encrypts with: a rotation adds a version, and the former ones go on to decrypt. */
export type KeyVersionRow = {
  key_id: string;
  /** From 1. */
  version: number;
  /** 64 hexadecimal digits by which clients know it. */
  material_id: string;
  /** The key itself, encrypted with the key that the server has in a file. */
  sealed_key: string;
  /** What has made it; null for the first. */
  rotation: 'AUTOMATIC' | 'ON_DEMAND' | null;
  created_at: number;
};

/** A name of a key. */
export type KeyAliasRow = {
  account: string;
  region: string;
  /** With `alias/` before it. */
  name: string;
  key_id: string;
  created_at: number;
  updated_at: number;
};

export type KeyTagRow = { key_id: string; key: string; value: string };

/** What somebody may do with a key besides what its policy says. */
export type KeyGrantRow = {
  id: string;
  key_id: string;
  /** The ARN of who may. */
  grantee: string;
  /** The ARN of who may end the grant. */
  retirer: string | null;
  /** The ARN of who has made it. */
  issuer: string;
  name: string | null;
  /** JSON, a list of operations. */
  operations: string;
  /** JSON, what the encryption context must have. */
  constraints: string | null;
  created_at: number;
};

/** A key of a dataset group that is encrypted. */
export type GroupKeyRow = {
  id: string;
  dataset_group_arn: string;
  /** The key of the key service that has encrypted it, and the role that asks. */
  kms_key_arn: string;
  role_arn: string;
  /** As that key has encrypted it, in base64. */
  wrapped: string;
  created_at: number;
};

/** How far the events of a dataset group have been counted for its metric attribution, which is ACTIVE. */
export type AttributionRow = {
  arn: string;
  /** The Interactions dataset. */
  dataset_arn: string;
  /** Entries of the record log up to here are in the counts; later ones are not. */
  position: number;
  /** The node that counts, and until when others leave it alone. */
  node: string | null;
  lease_until: number;
};

/** What events of an attribution are attributed to, from 1; 0 stands for those without a source. */
export type AttributionSourceRow = { arn: string; number: number; name: string };

/** A metric of one source within one window of time. */
export type AttributionCountRow = {
  arn: string;
  /** Number of the metric in the resource's document. */
  metric: number;
  source: number;
  /** Beginning of the window, in seconds since the epoch. */
  time: number;
  value: number;
  /** As much of it as has been sent to CloudWatch. */
  published: number;
};

/** The same over all time: windows are removed when they are old. */
export type AttributionTotalRow = { arn: string; metric: number; source: number; value: number };

/** Facts about the database itself, such as the format version. */
export type MetaRow = { key: string; value: string };

export type Tables = {
  resources: ResourceRow;
  tags: TagRow;
  jobs: JobRow;
  dataset_files: DatasetFileRow;
  record_log: RecordLogRow;
  record_layouts: RecordLayoutRow;
  impressions: ImpressionsRow;
  import_problems: ImportProblemsRow;
  users_to_delete: UsersToDeleteRow;
  unreferenced_objects: UnreferencedObjectRow;
  accounts: AccountRow;
  users: UserRow;
  access_keys: AccessKeyRow;
  policies: PolicyRow;
  policy_versions: PolicyVersionRow;
  policy_attachments: PolicyAttachmentRow;
  inline_policies: InlinePolicyRow;
  roles: RoleRow;
  principal_tags: PrincipalTagRow;
  oidc_providers: OidcProviderRow;
  kms_keys: KeyRow;
  kms_key_versions: KeyVersionRow;
  kms_aliases: KeyAliasRow;
  kms_tags: KeyTagRow;
  kms_grants: KeyGrantRow;
  group_keys: GroupKeyRow;
  attributions: AttributionRow;
  attribution_sources: AttributionSourceRow;
  attribution_counts: AttributionCountRow;
  attribution_totals: AttributionTotalRow;
  meta: MetaRow;
};

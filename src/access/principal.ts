import type { Tag } from './principals/principal-tags.ts';

/** Who calls, by a verified signature. */
export type Principal =
  /** `arn:aws:iam::ACCOUNT:root`, which may do everything in its account. */
  | {
      readonly kind: 'root';
      readonly account: string;
      readonly arn: string;
      /** Of temporary credentials: when they were made, in milliseconds since the epoch. */
      readonly issuedAt?: number;
    }
  /** `arn:aws:iam::ACCOUNT:user/NAME` */
  | {
      readonly kind: 'user';
      readonly account: string;
      readonly arn: string;
      readonly name: string;
      /** Never given twice, unlike the name: `AIDA…`. */
      readonly id: string;
      readonly issuedAt?: number;
    }
  | RoleSession;

/** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`: temporary credentials of a role. */
export type RoleSession = {
  readonly kind: 'session';
  readonly account: string;
  readonly arn: string;
  /** The name of the role, without its path. */
  readonly role: string;
  readonly roleArn: string;
  readonly session: string;
  /** `AROA…:SESSION` */
  readonly id: string;
  readonly issuedAt: number;
  /** By which the session may do less than its role. */
  readonly limits?: SessionLimits;
  /** They win over those of the role with the same keys. */
  readonly tags?: readonly Tag[];
  /** Keys of tags that sessions of a role which this one assumes have, too. */
  readonly transitiveTagKeys?: readonly string[];
  /** Who is behind it, as the first session of a chain was told; it stays the same in all that follow. */
  readonly sourceIdentity?: string;
  /** Of a session that was made with an issuer's token. */
  readonly federation?: Federation;
};

/** Session policies, which count as one: documents, and ARNs of policies of the role's account. */
export type SessionLimits = { readonly documents: readonly string[]; readonly policyArns: readonly string[] };

/** What an issuer's token has said of the person. */
export type Federation = {
  /** ARN of the issuer. */
  readonly provider: string;
  /** Condition keys with their values, such as `login.example.com:sub`. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
};

/** Who calls, by a verified signature. */
export type Principal =
  /** `arn:aws:iam::ACCOUNT:root`, which may do everything in its account. */
  | { readonly kind: 'root'; readonly account: string; readonly arn: string }
  /** `arn:aws:iam::ACCOUNT:user/NAME` */
  | {
      readonly kind: 'user';
      readonly account: string;
      readonly arn: string;
      readonly name: string;
      /** Never given twice, unlike the name: `AIDA…`. */
      readonly id: string;
    }
  /** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`: temporary credentials of a role. */
  | {
      readonly kind: 'session';
      readonly account: string;
      readonly arn: string;
      /** The name of the role, without its path. */
      readonly role: string;
      readonly session: string;
      /** `AROA…:SESSION` */
      readonly id: string;
      /** A policy document, by which the session may do less than its role. */
      readonly sessionPolicy?: string;
    };

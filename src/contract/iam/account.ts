import { Empty, integer, list, map, string, structure } from '../shape.ts';
import { page, paged } from './common.ts';
import { iamOperation } from './iam-operation.ts';

/** How many of what an account has, by IAM's names for it. */
export const GetAccountSummary = iamOperation(
  'GetAccountSummary',
  Empty,
  structure({ summaryMap: map(string(), integer()) }),
);

/** Accounts have numbers alone. */
export const ListAccountAliases = iamOperation(
  'ListAccountAliases',
  structure(paged),
  structure({ accountAliases: list(string()), ...page }),
);

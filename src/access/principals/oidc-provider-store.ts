import { invalidInput, resourceAlreadyExists, resourceNotFound } from '../../contract/errors.ts';
import type { Database } from '../../data/database/database.ts';
import { isUniqueViolation } from '../../data/database/dialect.ts';
import type { OidcProviderRow } from '../../data/database/tables.ts';
import { requireAccount } from './accounts.ts';
import { providerArn } from './identifiers.ts';
import type { PrincipalsChange } from './principals-change.ts';

/** An issuer of OIDC tokens with which roles of an account can be assumed. */
export type OidcProvider = {
  readonly arn: string;
  readonly account: string;
  /** As the issuer writes itself into its tokens, without a slash at the end. */
  readonly url: string;
  /** Audiences: a token must be for one of them. */
  readonly clientIds: readonly string[];
  /** Kept for clients that give them; the issuer is known by its TLS certificate. */
  readonly thumbprints: readonly string[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
};

type NewProvider = {
  readonly account: string;
  readonly url: string;
  readonly clientIds?: readonly string[] | undefined;
  readonly thumbprints?: readonly string[] | undefined;
};

const [longestUrl, mostClientIds, mostThumbprints] = [255, 100, 5];

/** OIDC issuers that accounts trust, in the database. Its methods throw ServiceErrors with sentences for a person. */
export class OidcProviderStore {
  readonly #database: Database;
  readonly #change: PrincipalsChange;

  constructor(database: Database, change: PrincipalsChange) {
    this.#database = database;
    this.#change = change;
  }

  async create({ account, clientIds = [], thumbprints = [], ...given }: NewProvider): Promise<OidcProvider> {
    const url = readIssuerUrl(given.url);
    const arn = providerArn(account, issuerName(url));
    requireClientIds(clientIds);
    requireThumbprints(thumbprints);
    return await this.#change(async (trx, now) => {
      await requireAccount(trx, account);
      const row = { arn, account, url, created_at: now, ...listsOf({ clientIds, thumbprints }) };
      await trx
        .insertInto('oidc_providers')
        .values(row)
        .execute()
        .catch((error: unknown) => {
          throw isUniqueViolation(error) ? resourceAlreadyExists(arn) : error;
        });
      return providerOf(row);
    });
  }

  async get(arn: string): Promise<OidcProvider> {
    return await requireProvider(this.#database, arn);
  }

  /** Those of an account, or all. */
  async list(account?: string): Promise<OidcProvider[]> {
    return (await readProviders(this.#database)).filter((one) => account === undefined || one.account === account);
  }

  /** Replaces the audiences, or the thumbprints; what is not given stays. */
  async update({
    arn,
    clientIds,
    thumbprints,
  }: Pick<NewProvider, 'clientIds' | 'thumbprints'> & { arn: string }): Promise<void> {
    if (clientIds) requireClientIds(clientIds);
    if (thumbprints) requireThumbprints(thumbprints);
    await this.#change(async (trx) => {
      const known = await requireProvider(trx, arn);
      const lists = listsOf({
        clientIds: clientIds ?? known.clientIds,
        thumbprints: thumbprints ?? known.thumbprints,
      });
      await trx.updateTable('oidc_providers').set(lists).where('arn', '=', arn).execute();
    });
  }

  /** Its tokens are taken no more; sessions that were made with them go on to their end. */
  async delete(arn: string): Promise<void> {
    await this.#change(async (trx) => {
      const deletion = trx.deleteFrom('oidc_providers').where('arn', '=', arn);
      if ((await deletion.executeTakeFirst()).numDeletedRows === 0n) throw resourceNotFound(arn);
    });
  }
}

/** All providers, by ARN. */
export const readProviders = async (database: Database): Promise<OidcProvider[]> =>
  (await database.selectFrom('oidc_providers').selectAll().orderBy('arn').execute()).map(providerOf);

export async function findProvider(database: Database, arn: string): Promise<OidcProvider | undefined> {
  const row = await database.selectFrom('oidc_providers').selectAll().where('arn', '=', arn).executeTakeFirst();
  return row && providerOf(row);
}

async function requireProvider(database: Database, arn: string): Promise<OidcProvider> {
  const provider = await findProvider(database, arn);
  if (!provider) throw resourceNotFound(arn);
  return provider;
}

const providerOf = ({ arn, account, url, client_ids, thumbprints, created_at }: OidcProviderRow): OidcProvider => ({
  arn,
  account,
  url,
  clientIds: JSON.parse(client_ids),
  thumbprints: JSON.parse(thumbprints),
  createdAt: created_at,
});

const listsOf = ({ clientIds, thumbprints }: Pick<OidcProvider, 'clientIds' | 'thumbprints'>) => ({
  client_ids: JSON.stringify([...new Set(clientIds)]),
  thumbprints: JSON.stringify([...new Set(thumbprints)]),
});

/** The URL of an issuer as it stands in the ARN of its provider. */
export const issuerName = (url: string): string => url.replace(/^https?:\/\//, '').replace(/\/$/, '');

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]']);

/** The URL of an issuer without a slash at its end. @throws ServiceError InvalidInputException */
function readIssuerUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && loopbackHosts.has(url.hostname));
  if (!url || !isSafe || text.length > longestUrl || url.search || url.hash || url.username || url.password) {
    throw invalidInput(
      `${text.slice(0, longestUrl)} is no URL of an issuer: it is https://HOST/PATH of at most ${longestUrl} ` +
        'characters, or http:// on this machine, without a query.',
    );
  }
  return text.replace(/\/$/, '');
}

function requireClientIds(clientIds: readonly string[]): void {
  if (clientIds.length <= mostClientIds && clientIds.every((id) => id.length >= 1 && id.length <= 255)) return;
  throw invalidInput(`There are at most ${mostClientIds} client ids, of 1 to 255 characters each.`);
}

function requireThumbprints(thumbprints: readonly string[]): void {
  if (thumbprints.length <= mostThumbprints && thumbprints.every((text) => /^[\da-f]{40}$/i.test(text))) return;
  throw invalidInput(`There are at most ${mostThumbprints} thumbprints, of 40 hexadecimal digits each.`);
}

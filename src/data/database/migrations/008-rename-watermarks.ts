import { sql, type Transaction } from 'kysely';
import type { Tables } from '../tables.ts';

/** Renames what earlier formats called by words of their own, and changes nothing else. */
export async function renameWatermarks(trx: Transaction<Tables>): Promise<void> {
  await sql`alter table shown_lists rename to impressions`.execute(trx);
  await sql`drop index shown_lists_by_age`.execute(trx);
  await trx.schema.createIndex('impressions_by_age').on('impressions').column('created_at').execute();
  await sql`alter table jobs rename column line to serial_key`.execute(trx);
  await renameMembers(trx, 'solution-version', renamedVersion);
  await renameMembers(trx, 'campaign', renamedCampaign);
}

async function renameMembers<Former>(
  trx: Transaction<Tables>,
  kind: string,
  renamed: (document: Former) => object,
): Promise<void> {
  const rows = await trx.selectFrom('resources').select(['arn', 'document']).where('kind', '=', kind).execute();
  for (const { arn, document } of rows) {
    const present = JSON.stringify(renamed(JSON.parse(document)));
    await trx.updateTable('resources').set({ document: present }).where('arn', '=', arn).execute();
  }
}

/** A model up to a position of the record log. */
type FormerModel = { readonly recordsThrough?: number };

const renamedModel = ({ recordsThrough, ...others }: FormerModel) => ({ ...others, watermark: recordsThrough });

type FormerVersion = FormerModel & {
  readonly updatingThrough?: number;
  readonly update?: FormerModel;
  readonly superseded?: FormerModel;
};

const renamedVersion = ({ updatingThrough, update, superseded, ...others }: FormerVersion) => ({
  ...renamedModel(others),
  pendingWatermark: updatingThrough,
  update: update && renamedModel(update),
  superseded: superseded && renamedModel(superseded),
});

const renamedCampaign = ({ serves, ...others }: { readonly serves?: FormerModel }) => ({
  ...others,
  deployment: serves && renamedModel(serves),
});

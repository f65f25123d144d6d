import type { Deployment } from '../serve/serving.ts';
import { Directory } from './directory.ts';
import type { Parts } from './parts.ts';
import { findResource } from './resource-store.ts';

/** What a request for recommendations needs to know of its campaign. */
export type CampaignEntry = {
  readonly account: string;
  readonly region: string;
  readonly status: string;
  /** Absent until the campaign has been ACTIVE. */
  readonly deployment?: Deployment;
};

/** Campaigns by their ARN. */
export function campaignDirectory(parts: Pick<Parts, 'database' | 'clock' | 'log'>): Directory<CampaignEntry> {
  return new Directory(parts, {
    async read(arn) {
      const campaign = await findResource(parts.database, 'campaign', arn);
      if (!campaign) return undefined;
      const { account, region, status } = campaign;
      const { serves } = campaign.document;
      return { account, region, status, ...(serves && { deployment: { campaignArn: arn, ...serves } }) };
    },
    isReady: ({ deployment }) => deployment !== undefined,
  });
}

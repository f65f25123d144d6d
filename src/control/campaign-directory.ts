import type { Deployment } from '../serve/serving.ts';
import type { Parts } from './parts.ts';
import { findResource } from './resources.ts';

/** What a request for recommendations needs to know of its campaign. */
export type CampaignEntry = {
  readonly account: string;
  readonly region: string;
  readonly status: string;
  /** Absent until the campaign has been ACTIVE. */
  readonly deployment?: Deployment;
};

type Cached = { readonly entry: Promise<CampaignEntry | undefined>; readonly readAt: number; refreshing: boolean };

/** How old an answer may be before it is read again, in the background. */
const freshForMs = 1000;

/**
 * The campaigns in memory, so that a request for recommendations waits for the database once, at the campaign's first use.
 * A change made here shows at once (`forget`), one made by another node within about a second of requests.
 */
export class CampaignDirectory {
  readonly #parts: Pick<Parts, 'database' | 'clock' | 'log'>;
  readonly #cached = new Map<string, Cached>();

  constructor(parts: Pick<Parts, 'database' | 'clock' | 'log'>) {
    this.#parts = parts;
  }

  /** The campaign that bears the ARN; undefined if there is none. */
  find(arn: string): Promise<CampaignEntry | undefined> {
    const cached = this.#cached.get(arn);
    if (!cached) return this.#load(arn);
    if (!cached.refreshing && this.#parts.clock.now() - cached.readAt > freshForMs) this.#refresh(arn, cached);
    return cached.entry;
  }

  /** Has the next request read the campaign anew. */
  forget(arn: string): void {
    this.#cached.delete(arn);
  }

  #load(arn: string): Promise<CampaignEntry | undefined> {
    const entry = this.#read(arn);
    const cached = { entry, readAt: this.#parts.clock.now(), refreshing: false };
    this.#cached.set(arn, cached);
    // Only campaigns that exist stay, so that requests for made-up names fill no memory and failures are not remembered.
    entry.then(
      (found) => found === undefined && this.#drop(arn, cached),
      () => this.#drop(arn, cached),
    );
    return entry;
  }

  /** Keeps answering what is known until the database has answered. */
  #refresh(arn: string, cached: Cached): void {
    cached.refreshing = true;
    this.#read(arn).then(
      (found) => {
        if (this.#cached.get(arn) !== cached) return;
        if (found === undefined) this.#cached.delete(arn);
        else {
          const readAt = this.#parts.clock.now();
          this.#cached.set(arn, { entry: Promise.resolve(found), readAt, refreshing: false });
        }
      },
      (error: unknown) => {
        cached.refreshing = false;
        this.#parts.log.warn({ err: error, campaign: arn }, 'A campaign is served as last known.');
      },
    );
  }

  #drop(arn: string, cached: Cached): void {
    if (this.#cached.get(arn) === cached) this.#cached.delete(arn);
  }

  async #read(arn: string): Promise<CampaignEntry | undefined> {
    const campaign = await findResource(this.#parts.database, 'campaign', arn);
    if (!campaign) return undefined;
    const { account, region, status } = campaign;
    const { serves } = campaign.document;
    if (!serves) return { account, region, status };
    return { account, region, status, deployment: { campaignArn: arn, ...serves } };
  }
}

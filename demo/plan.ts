import type { Domain } from '@aws-sdk/client-personalize';
import { retailFields, videoFields } from './set-up/schemas.ts';

export type DemoName = 'retail' | 'video';

/** A recommender of a demo, and the row of the site that shows its answers. */
export type Row = {
  readonly key: string;
  readonly recipe: string;
  /** `{item}` and `{name}` stand for the item of the page and the visitor. */
  readonly title: string;
  readonly page: 'home' | 'item';
  /** Its title on the home page, where a row of an item is shown once the visitor has taken one. */
  readonly afterTaking?: string;
  /** Why an item is in the row, as a sentence for the site's panel. */
  readonly why: string;
  /** Whether the promotion lifts items of it. */
  readonly isPromoted?: true;
  /** Whether it follows the visitor's events at once. */
  readonly isLive?: true;
};

/** What one demo sets up and says. */
export type Plan = {
  readonly name: DemoName;
  readonly domain: Domain;
  readonly title: string;
  readonly tagline: string;
  readonly rows: readonly Row[];
  /** Filter expressions. Values: `$CATEGORY`, and `$MOST` for the price or the minutes. */
  readonly filters: Readonly<Record<FilterKey, string>>;
  readonly fields: { readonly [D in 'items' | 'users' | 'interactions']: readonly object[] };
  /** Event types: of opening an item, and of the one after which the automatic filter leaves it out. */
  readonly events: { readonly open: string; readonly take: string; readonly collect?: string };
};

export type FilterKey = 'all' | 'category' | 'promoted' | 'promoted-category';

/** Share of a promoted row's items, in percent. */
export const percentPromoted = 20;

const inStock = 'Items.IN_STOCK IN ("Yes") AND Items.PRICE <= $MOST';

const retail: Plan = {
  name: 'retail',
  domain: 'ECOMMERCE',
  title: 'Otter & Oak',
  tagline: 'Good things for slow days',
  rows: [
    {
      key: 'for-you',
      recipe: 'aws-ecomm-recommended-for-you',
      title: 'Recommended for {name}',
      page: 'home',
      why: 'What people with a history like this one go on to view and buy. Each click counts from the next answer on.',
      isPromoted: true,
      isLive: true,
    },
    {
      key: 'best-sellers',
      recipe: 'aws-ecomm-popular-items-by-purchases',
      title: 'Best sellers',
      page: 'home',
      why: 'Bought more often than anything else.',
    },
    {
      key: 'most-viewed',
      recipe: 'aws-ecomm-popular-items-by-views',
      title: 'Most viewed',
      page: 'home',
      why: 'Viewed more often than anything else.',
    },
    {
      key: 'bought-together',
      recipe: 'aws-ecomm-frequently-bought-together',
      title: 'Frequently bought together',
      page: 'item',
      afterTaking: 'Often bought together with {item}',
      why: 'In the same baskets as {item}, more often than chance has it.',
    },
    {
      key: 'also-viewed',
      recipe: 'aws-ecomm-customers-who-viewed-x-also-viewed',
      title: 'Customers who viewed this also viewed',
      page: 'item',
      why: 'Viewed by those who viewed {item}. What the visitor has bought is left out.',
    },
  ],
  filters: {
    all: `INCLUDE ItemID WHERE ${inStock}`,
    category: `INCLUDE ItemID WHERE ${inStock} AND Items.CATEGORY_L1 IN ($CATEGORY)`,
    promoted: `INCLUDE ItemID WHERE ${inStock} AND Items.ON_OFFER IN ("Yes")`,
    'promoted-category': `INCLUDE ItemID WHERE ${inStock} AND Items.ON_OFFER IN ("Yes") AND Items.CATEGORY_L1 IN ($CATEGORY)`,
  },
  fields: retailFields,
  events: { open: 'View', take: 'Purchase', collect: 'AddToCart' },
};

const inTime = 'Items.DURATION <= $MOST';

const video: Plan = {
  name: 'video',
  domain: 'VIDEO_ON_DEMAND',
  title: 'Lamplight',
  tagline: 'Films for tonight',
  rows: [
    {
      key: 'top-picks',
      recipe: 'aws-vod-top-picks',
      title: 'Top picks for {name}',
      page: 'home',
      why: 'What people with a history like this one go on to watch. Each click counts from the next answer on.',
      isPromoted: true,
      isLive: true,
    },
    {
      key: 'trending',
      recipe: 'aws-vod-trending-now',
      title: 'Trending now',
      page: 'home',
      why: 'Watched more and more in the newest hours.',
    },
    {
      key: 'most-popular',
      recipe: 'aws-vod-most-popular',
      title: 'Most popular',
      page: 'home',
      why: 'Watched by more people than any other film.',
    },
    {
      key: 'because-you-watched',
      recipe: 'aws-vod-because-you-watched-x',
      title: 'Viewers of this also watched',
      page: 'item',
      afterTaking: 'Because you watched {item}',
      why: 'Watched by those who watched {item}. What the visitor has watched is left out.',
    },
    {
      key: 'more-like',
      recipe: 'aws-vod-more-like-x',
      title: 'More like {item}',
      page: 'item',
      why: 'Like {item} in genre, text and age, and in who watches it.',
    },
  ],
  filters: {
    all: `INCLUDE ItemID WHERE ${inTime}`,
    category: `INCLUDE ItemID WHERE ${inTime} AND Items.GENRES IN ($CATEGORY)`,
    promoted: `INCLUDE ItemID WHERE ${inTime} AND Items.ORIGINAL IN ("Yes")`,
    'promoted-category': `INCLUDE ItemID WHERE ${inTime} AND Items.ORIGINAL IN ("Yes") AND Items.GENRES IN ($CATEGORY)`,
  },
  fields: videoFields,
  events: { open: 'Click', take: 'Watch' },
};

export const plans: Readonly<Record<DemoName, Plan>> = { retail, video };

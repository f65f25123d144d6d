import { locationOptions, stateOptions } from './location-options.ts';
import { option, type ValuesOf } from './option.ts';
import { flag, isHttpUrl, numberThat, parsePort, textThat, textValues } from './parsers.ts';
import { startOptions } from './server-options.ts';

export const defaultEndpoint = `http://${startOptions.host.default}:${startOptions.port.default}`;

const endpoint = option({
  flags: '--endpoint <url>',
  help: 'where the server listens',
  defaultText: `where the home's server does, else ${defaultEndpoint}`,
  parse: textThat(isHttpUrl, `An endpoint looks like ${defaultEndpoint}.`),
});

const limit = {
  flags: '--limit <n>',
  default: 20,
  parse: numberThat(/^\d{1,4}$/, 'A limit is a whole number from 1 to 1000.', (n) => n >= 1 && n <= 1000),
};

export const eventsOptions = {
  endpoint,
  home: stateOptions.home,
  tracker: option({
    flags: '--tracker <id>',
    help: 'the trackingId of an event tracker',
    defaultText: 'the only one',
  }),
  user: option({ flags: '--user <id>', help: 'only events of this user, or of the session with this id' }),
  limit: option({ ...limit, help: 'how many, from 1 to 1000' }),
};

export const explainOptions = {
  endpoint,
  home: stateOptions.home,
  campaign: option({ flags: '--campaign <arn>', help: 'the campaign that is asked' }),
  recommender: option({ flags: '--recommender <arn>', help: 'the recommender that is asked, in place of a campaign' }),
  user: option({ flags: '--user <id>', help: 'for whom the list is' }),
  item: option({ flags: '--item <id>', help: 'beside which item, for related items' }),
  items: option({
    flags: '--items <ids>',
    help: 'the items to put in order, with commas, for campaigns that rank',
    parse: (text): readonly string[] => text.split(',').map((id) => id.trim()),
  }),
  results: option({
    flags: '--results <n>',
    help: 'how many items, from 1 to 50',
    default: 5,
    parse: numberThat(/^\d{1,2}$/, 'It is a whole number from 1 to 50.', (n) => n >= 1 && n <= 50),
  }),
  context: option({
    flags: '--context <json>',
    help: 'the context of the request, such as {"DEVICE":"tv"}',
    parse: textValues,
  }),
  filter: option({ flags: '--filter <arn>', help: 'the filter of the request' }),
  filterValues: option({
    flags: '--filter-values <json>',
    help: 'its values, such as {"GENRE":"\\"Comedy\\""}',
    parse: textValues,
  }),
  promote: option({
    flags: '--promote <percent>',
    help: 'the share of the items that a promotion brings, from 1 to 100',
    parse: numberThat(/^\d{1,3}$/, 'It is a whole number from 1 to 100.', (n) => n >= 1 && n <= 100),
  }),
  promotionFilter: option({ flags: '--promotion-filter <arn>', help: 'the filter of the promotion' }),
  promotionValues: option({ flags: '--promotion-values <json>', help: 'its values', parse: textValues }),
  json: option({ ...flag, flags: '--json [true|false]', help: 'print the whole answer as JSON', default: false }),
};

export const importsOptions = {
  endpoint,
  home: stateOptions.home,
  job: option({ flags: '--job <arn>', help: 'one import job, with what was wrong with its rows' }),
  dataset: option({ flags: '--dataset <arn>', help: 'only import jobs of this dataset' }),
  limit: option({ ...limit, help: 'how many problems, from 1 to 1000' }),
};

export const recommendOptions = {
  endpoint,
  home: stateOptions.home,
  users: option({ flags: '--users <file>', help: 'the users: one id a line, or a CSV file with a column USER_ID' }),
  items: option({
    flags: '--items <file>',
    help: 'in place of users, the items that others are to be like: the same with ITEM_ID',
  }),
  solutionVersion: option({ flags: '--solution-version <arn>', help: 'the solution version whose model is asked' }),
  campaign: option({ flags: '--campaign <arn>', help: 'in place of that, a campaign that serves it' }),
  results: option({
    flags: '--results <n>',
    help: 'how many items for each, from 1 to 500',
    default: 25,
    parse: numberThat(/^\d{1,3}$/, 'It is a whole number from 1 to 500.', (n) => n >= 1 && n <= 500),
  }),
  filter: option({ flags: '--filter <arn>', help: 'a filter without placeholders' }),
  out: option({ flags: '--out <file>', help: 'the CSV file that is written', defaultText: 'standard output' }),
  bucket: option({
    flags: '--bucket <name>',
    help: 'where the files of the batch job lie while it runs',
    default: 'openpersonalize-recommend',
  }),
  role: option({
    flags: '--role <arn>',
    help: 'the role of the batch job, which a server that verifies signatures asks for its bucket',
    default: 'arn:aws:iam::000000000000:role/Recommend',
  }),
  s3Endpoint: option({
    flags: '--s3-endpoint <url>',
    help: "the S3 server with the server's buckets",
    defaultText: 'the server itself',
    parse: textThat(isHttpUrl, `An endpoint looks like ${defaultEndpoint}.`),
  }),
};

const moment = textThat(
  (text) => /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z)?$/.test(text) && !Number.isNaN(Date.parse(text)),
  'A time is written as 2026-11-30 or 2026-11-30T14:05Z, in UTC.',
);

export const attributionOptions = {
  endpoint,
  home: stateOptions.home,
  datasetGroup: option({
    flags: '--dataset-group <name>',
    help: 'the dataset group, by its name or ARN',
    required: true,
  }),
  from: option({
    flags: '--from <time>',
    help: 'only events from then on, such as 2026-11-30',
    defaultText: 'a week before the end',
    parse: moment,
  }),
  to: option({ flags: '--to <time>', help: 'only events before then', defaultText: 'now', parse: moment }),
  json: option({ ...flag, flags: '--json [true|false]', help: 'print the counts as JSON', default: false }),
};

export const backupOptions = {
  target: option({
    flags: '<target>',
    help: 'a new folder or s3://bucket/prefix for the backup',
    required: true,
  }),
  ...locationOptions,
};

export const restoreOptions = {
  backup: option({ flags: '<backup>', help: 'the folder or s3://bucket/prefix of a backup', required: true }),
  ...locationOptions,
};

export const doctorOptions = {
  ...locationOptions,
  port: option({
    flags: '--port <n>',
    help: 'port where the server listens, or shall',
    default: startOptions.port.default,
    parse: parsePort,
  }),
  repair: option({
    ...flag,
    flags: '--repair [true|false]',
    help: 'mend what can be mended without loss, while no server runs',
    default: false,
  }),
};

export type EventsOptions = ValuesOf<typeof eventsOptions>;
export type ExplainOptions = ValuesOf<typeof explainOptions>;
export type AttributionOptions = ValuesOf<typeof attributionOptions>;
export type RecommendOptions = ValuesOf<typeof recommendOptions>;
export type ImportsOptions = ValuesOf<typeof importsOptions>;
export type BackupOptions = ValuesOf<typeof backupOptions>;
export type RestoreOptions = ValuesOf<typeof restoreOptions>;
export type DoctorOptions = ValuesOf<typeof doctorOptions>;

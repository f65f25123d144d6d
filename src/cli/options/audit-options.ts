import { stateOptions } from './location-options.ts';
import { option, type ValuesOf } from './option.ts';
import { flag, numberThat, textThat } from './parsers.ts';

const { home } = stateOptions;

const moment = textThat(
  (text) => /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z)?$/.test(text) && !Number.isNaN(Date.parse(text)),
  'A time looks like 2026-11-30 or 2026-11-30T14:05:00Z (UTC).',
);

export const auditVerifyOptions = {
  home,
  head: option({
    flags: '--head <hash>',
    help: 'a hash that an earlier run has shown: it must still be there',
    parse: textThat((text) => /^[\da-f]{64}$/.test(text), 'A hash is 64 hexadecimal digits.'),
  }),
  moved: option({
    ...flag,
    flags: '--moved [true|false]',
    help: 'older files were moved away by hand: that they are not here is no fault',
    default: false,
  }),
};

export const auditSearchOptions = {
  home,
  from: option({ flags: '--from <time>', help: 'only calls from then on, such as 2026-11-30', parse: moment }),
  to: option({ flags: '--to <time>', help: 'only calls before then', parse: moment }),
  name: option({ flags: '--name <operation>', help: 'only calls of this operation' }),
  principal: option({
    flags: '--principal <who>',
    help: 'only calls of this ARN, user name, access key or account',
  }),
  resource: option({ flags: '--resource <arn>', help: 'only calls that act on this or create it' }),
  error: option({ flags: '--error <code>', help: 'only calls that failed with this code, or with any of them: any' }),
  json: option({ ...flag, flags: '--json [true|false]', help: 'print whole records, one a line', default: false }),
};

/** What a server does with its audit trail. */
export const trailOptions = {
  audit: option({
    flags: '--audit <off|on|all>',
    help: 'which calls are recorded; on: those that manage, all: those about data too',
    docs: 'Into `<home>/audit`, as [the audit trail](audit.md).',
    choices: ['off', 'on', 'all'] as const,
    defaultText: 'on where signatures are verified, off elsewhere',
    restart: 'shown',
  }),
  auditBucket: option({
    flags: '--audit-bucket <place>',
    help: 's3://bucket/prefix to which the audit trail is brought, in the layout of CloudTrail',
    docs: 'The bucket is one of `--buckets` or of `--s3-endpoint`, and must be there.',
    defaultText: 'nowhere',
    parse: textThat(
      (text) => /^s3:\/\/[a-z\d][a-z\d.-]{1,61}[a-z\d](\/.*)?$/.test(text),
      'A place in a bucket looks like s3://bucket/prefix.',
    ),
    restart: 'shown',
  }),
  auditMinutes: option({
    flags: '--audit-minutes <n>',
    help: 'how long records wait until they are brought to --audit-bucket',
    default: 5,
    parse: numberThat(/^\d+(\.\d+)?$/, 'It is a number of minutes above 0, 60 at most.', (n) => n > 0 && n <= 60),
    restart: 'shown',
  }),
  auditDays: option({
    flags: '--audit-days <n>',
    help: 'how many days of the audit trail are kept in the home before today',
    docs: 'With `--audit-bucket`, what is not there yet is kept longer.',
    defaultText: 'all',
    parse: numberThat(/^\d{1,5}$/, 'It is a number of days, from 1 on.', (days) => days >= 1),
    restart: 'shown',
  }),
};

export type AuditVerifyOptions = ValuesOf<typeof auditVerifyOptions>;
export type AuditSearchOptions = ValuesOf<typeof auditSearchOptions>;

import { stateOptions } from './location-options.ts';
import { option, type ValuesOf } from './option.ts';
import { flag, textThat } from './parsers.ts';

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

export type AuditVerifyOptions = ValuesOf<typeof auditVerifyOptions>;
export type AuditSearchOptions = ValuesOf<typeof auditSearchOptions>;

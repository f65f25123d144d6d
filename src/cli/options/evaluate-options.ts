import { InvalidArgumentError } from 'commander';
import { protocols } from '../../evaluate/protocols/protocols.ts';
import { option, type ValuesOf } from './option.ts';
import { numberThat } from './parsers.ts';
import { provider } from './server-options.ts';

const schemaOptions = (of: 'items' | 'users') => ({
  flags: `--${of}-schema <file>`,
  help: `Avro schema of the ${of} file`,
  docs: 'The file is as CreateSchema takes it.',
  defaultText: 'inferred from the values',
});

export const evaluateOptions = {
  dataset: option({
    flags: '--dataset <file>',
    help: 'USER_ID,ITEM_ID,TIMESTAMP[,…] as CSV, or lines of "user item item …" as .txt; plain or .gz',
    docs: 'Times are in seconds; a `.txt` has none. The file is checked as an import is, and no row may be bad.',
    required: true,
  }),
  protocol: option({
    flags: '--protocol <name>',
    help: 'what trains and what is to be found: docs/evaluation.md',
    choices: protocols.map(({ name }) => name),
    required: true,
  }),
  test: option({
    flags: '--test <file>',
    help: 'what is to be found, in the same form (times can be missing), for given-split and next-click',
    docs: "Without times, the file's order counts.",
  }),
  items: option({
    flags: '--items <file>',
    help: 'ITEM_ID[,…] as CSV: metadata of items, which can be recommended beside those of the dataset',
  }),
  users: option({ flags: '--users <file>', help: 'USER_ID[,…] as CSV: metadata of users' }),
  itemsSchema: option({
    ...schemaOptions('items'),
    docs:
      'The file is as CreateSchema takes it. Without it, a column of nothing but numbers is numeric. One with bars ' +
      'in a tenth of its values, or with values of up to 100 characters on average of which at most half are ' +
      'different, is categorical. Any other is textual.',
  }),
  usersSchema: option(schemaOptions('users')),
  textEncoder: option({
    flags: '--text-encoder <dir>',
    help: 'sentence encoder for texts of the items: model.onnx and tokenizer.json',
    defaultText: 'by their words',
  }),
  eventType: option({ flags: '--event-type <type>', help: 'only events of this EVENT_TYPE count' }),
  minValue: option({
    flags: '--min-value <n>',
    help: 'only events with an EVENT_VALUE above this count',
    parse: numberThat(/^-?\d+(\.\d+)?$/, 'It is a number, such as 3.5.'),
  }),
  recipes: option({
    flags: '--recipes <names>',
    help: 'with commas',
    docs: 'They train with their default settings; those of related items are asked about the newest item.',
    defaultText: 'all of the type USER_PERSONALIZATION, or of the one that the protocol is about',
    parse: (text): readonly string[] => text.split(',').map((name) => name.trim()),
  }),
  k: option({
    flags: '--k <n>',
    help: 'lengths of the lists that are judged, with commas',
    default: [10],
    defaultText: '10',
    parse: parseLengths,
  }),
  seeds: option({
    flags: '--seeds <n>',
    help: 'how many models of each recipe are trained',
    docs: 'They have the seeds 0 to n − 1; the report has means and standard deviations.',
    default: 1,
    parse: numberThat(/^[1-9]\d?$/, 'It is a whole number from 1 to 99.'),
  }),
  provider,
  json: option({
    flags: '--json <file>',
    help: 'write the report there, too',
    docs: 'The file also has the numbers of each segment at every length.',
  }),
};

export type EvaluateOptions = ValuesOf<typeof evaluateOptions>;

function parseLengths(text: string): readonly number[] {
  if (/^\d{1,4}(,\d{1,4})*$/.test(text) && !text.split(',').some((k) => Number(k) === 0)) {
    return text.split(',').map(Number);
  }
  throw new InvalidArgumentError('Lengths are whole numbers from 1 to 9999, such as 10 or 10,20.');
}

import { commands, verbNames } from '../commands.ts';
import { isArgument, nameOf, type OptionRecord, variableOf } from './option.ts';

/** Widest line of a page. */
const columns = 120;
/** Most lines of a paragraph. */
const mostLines = 5;

const introduction = `# Options

This page is made from \`src/cli/options\`; \`npx vitest run src/cli/options -u\` makes it again.

An option is given on the command line, as in \`npm start -- --port 9000\`, or in the environment, as in
\`OPENPERSONALIZE_PORT=9000 npm start\`; the command line wins. The name of a variable with \`_FILE\` behind it is the
path of a file with its value, as in \`OPENPERSONALIZE_DATABASE_FILE=/run/secrets/url\`. Values of a repeatable option
can also be separated by commas. An option with \`[true|false]\` is true when no value follows.

\`npm start -- --help\` prints the options of a verb. A wrong command line ends with code 2 and one sentence.
`;

/** Every verb with its options, in Markdown: \`docs/options.md\`. */
export function optionsPage(): string {
  const described = new Map<OptionRecord<unknown>, string>();
  const sections = verbNames.map((verb) => {
    const { description, options } = commands[verb];
    const records: OptionRecord<unknown>[] = Object.values(options);
    const shared = records.filter((record) => described.has(record));
    const own = records.filter((record) => !described.has(record));
    for (const record of own) described.set(record, verb);
    return [`## ${verb}\n`, `${wrapped(sentence(description))}\n`, ...own.map(entry), ...alsoTaken(shared)].join('\n');
  });
  return [introduction, ...sections].join('\n');
}

function entry(record: OptionRecord<unknown>): string {
  const { flags, help, docs, names = [], choices, required } = record;
  const purpose = [sentence(help), ...(docs === undefined ? [] : [docs])];
  const rules = [
    ...(choices === undefined ? [] : [`One of ${choices.map(String).map(code).join(', ')}.`]),
    ...defaultSentence(record),
    ...(required ? ['Required.'] : []),
    ...(isArgument(record) ? [] : [`Environment: ${code(variableOf(record))}.`]),
  ];
  const whole = wrapped([...purpose, ...rules].join(' '));
  const fits = whole.split('\n').length <= mostLines;
  const text = fits ? whole : `${wrapped(purpose.join(' '))}\n\n${wrapped(rules.join(' '))}`;
  return [`### ${code(flags)}\n\n${text}\n`, ...nameList(names)].join('\n');
}

const nameList = (names: readonly string[]) =>
  names.length === 0 ? [] : [`${names.map((name) => `- ${code(name)}`).join('\n')}\n`];

function defaultSentence({ default: value, defaultText }: OptionRecord<unknown>): string[] {
  if (defaultText !== undefined) return [`Default: ${withCode(defaultText)}.`];
  return value === undefined ? [] : [`Default: ${code(String(value))}.`];
}

/** More options than these are a list: a paragraph has five lines at most. */
const alsoTakenInLine = 15;

function alsoTaken(records: readonly OptionRecord<unknown>[]): string[] {
  if (records.length === 0) return [];
  const names = records.map(nameOf).map(code);
  if (names.length <= alsoTakenInLine)
    return [`${wrapped(`It also takes these options from above: ${names.join(', ')}.`)}\n`];
  return ['It also takes these options from above:\n', nameList(records.map(nameOf)).join('')];
}

const code = (text: string) => `\`${text}\``;

/** Markdown takes `<home>` for HTML. */
const withCode = (text: string) => text.replace(/[^\s,:]*<\w+>[^\s,:]*/g, code);

/** A phrase as a sentence; its first word keeps its case if it is a name such as `userId`. */
function sentence(phrase: string): string {
  const text = /^[a-z]+\b(?![:,.])/.test(phrase) ? phrase.charAt(0).toUpperCase() + phrase.slice(1) : phrase;
  return text.endsWith('…') ? withCode(text) : `${withCode(text)}.`;
}

function wrapped(text: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}

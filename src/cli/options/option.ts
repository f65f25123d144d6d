/** All about an option of the command line: its parsing, variable, type, help and page are made from this record. */
export type OptionRecord<Value> = {
  /** As commander writes it: `--port <n>`, or `<target>` for an argument without a name. */
  readonly flags: string;
  /** A phrase for `--help`. */
  readonly help: string;
  /** What values are about, as the names in `name=n`: many, so that the page lists them one by one. */
  readonly names?: readonly string[];
  /** Sentences in Markdown that `docs/options.md` has beside the phrase. */
  readonly docs?: string;
  /** Text as it is unless given. For a repeatable option, `previous` is what came before, at first the default. */
  parse?(text: string, previous: Value): Value;
  readonly choices?: readonly Value[];
  readonly default?: Value;
  /** The default in words: of a value that would read badly, or of what applies without one. */
  readonly defaultText?: string;
  /** The value of an option that is given without one. */
  readonly preset?: string;
  readonly required?: true;
  /** Key of an option that cannot be given beside this one. */
  readonly conflicts?: string;
  /** Set if a server needs the option again to find its state: its value can be shown, or is a secret. */
  readonly restart?: 'shown' | 'secret';
};

/** Options by the key that they have in code. */
export type OptionTable = Readonly<Record<string, OptionRecord<unknown>>>;

/** The values of a table's options. */
export type ValuesOf<Table extends OptionTable> = {
  readonly [Key in keyof Table as Table[Key] extends Present ? Key : never]: ValueOf<Table[Key]>;
} & {
  readonly [Key in keyof Table as Table[Key] extends Present ? never : Key]?: ValueOf<Table[Key]> | undefined;
};
type Present = { readonly default: unknown } | { readonly required: true };
type ValueOf<Option> = Option extends OptionRecord<infer Value> ? Value : never;

/** An option that takes a value: a string unless `parse`, `choices` or `default` say otherwise. */
export function option<Value = string>(
  record: OptionRecord<Value> & { readonly default: Value },
): OptionRecord<Value> & { readonly default: Value };
export function option<Value = string>(
  record: OptionRecord<Value> & { readonly required: true },
): OptionRecord<Value> & { readonly required: true };
export function option<Value = string>(record: OptionRecord<Value>): OptionRecord<Value>;
export function option<Value>(record: OptionRecord<Value>): OptionRecord<Value> {
  return record;
}

/** The variable of the environment: `--s3-endpoint` is `OPENPERSONALIZE_S3_ENDPOINT`. An argument has none. */
export const variableOf = (record: OptionRecord<unknown>): string =>
  `OPENPERSONALIZE_${nameOf(record).slice(2).toUpperCase().replaceAll('-', '_')}`;

/** `--port` of `--port <n>`. */
export const nameOf = ({ flags }: OptionRecord<unknown>): string => flags.replace(/ .*/, '');

export const isArgument = ({ flags }: OptionRecord<unknown>): boolean => flags.startsWith('<');

import { Argument, Command, Option } from 'commander';
import { isArgument, type OptionRecord, type OptionTable, type ValuesOf, variableOf } from './option.ts';

/** Gives a command the options and arguments of a table. */
export function addOptions(command: Command, table: OptionTable): Command {
  for (const [key, record] of Object.entries(table)) {
    if (isArgument(record)) command.addArgument(argumentOf(record));
    else command.addOption(new TableOption(key, record));
  }
  return command;
}

function argumentOf({ flags, help, parse }: OptionRecord<unknown>): Argument {
  const argument = new Argument(flags, help);
  return parse === undefined ? argument : argument.argParser(parse);
}

/** The values that a command which has been parsed was given, arguments among them. */
export function valuesOf<Table extends OptionTable>(command: Command, table: Table): ValuesOf<Table> {
  const keys = Object.keys(table).filter((key) => table[key] && isArgument(table[key]));
  for (const [i, key] of keys.entries()) command.setOptionValue(key, command.processedArgs[i]);
  return command.opts<ValuesOf<Table>>();
}

/** What a command line that gives no option has. */
export const defaultsOf = <Table extends OptionTable>(table: Table): ValuesOf<Table> =>
  valuesOf(addOptions(new Command(), table), table);

/** An option that commander keeps by the table's key rather than by a name made from the flag. */
class TableOption extends Option {
  readonly #key: string;

  constructor(key: string, record: OptionRecord<unknown>) {
    const { flags, names, defaultText, choices, parse, preset, conflicts, required = false } = record;
    const help = names ? `${record.help}: ${names.join(', ')}` : record.help;
    const hasDefault = 'default' in record;
    super(flags, defaultText === undefined || hasDefault ? help : `${help} (default: ${defaultText})`);
    this.#key = key;
    this.env(variableOf(record)).makeOptionMandatory(required);
    if (hasDefault) this.default(record.default, defaultText);
    if (choices !== undefined) this.choices(choices.map(String));
    if (parse !== undefined) this.argParser(parse);
    if (preset !== undefined) this.preset(preset);
    if (conflicts !== undefined) this.conflicts(conflicts);
  }

  override attributeName(): string {
    return this.#key;
  }
}

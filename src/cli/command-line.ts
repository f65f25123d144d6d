import { Command, CommanderError } from 'commander';
import { commands, type TableOf, type VerbName, type Verbs, verbNames } from './commands.ts';
import { addOptions, valuesOf } from './options/commander.ts';
import { readVariableFiles } from './options/variables-from-files.ts';

/**
 * Reads the command line and the environment, and runs the verb.
 *
 * @param parameters what follows the program's name
 * @returns the exit code of a command line that runs no verb: 0 after `--help` and `--version`, 2 when it is wrong (one
 *   sentence is on stderr then); undefined when a verb ran
 */
export async function runCommandLine(
  parameters: readonly string[],
  verbs: Verbs,
  version: string,
): Promise<0 | 2 | undefined> {
  readVariableFiles(
    verbNames.map((name) => commands[name].options),
    process.env,
  );
  const program = new Command('openpersonalize')
    .description('Amazon Personalize that you run yourself.')
    .version(version, '-V, --version')
    .helpCommand(false)
    .exitOverride();
  for (const name of verbNames) addVerb(program, name, verbs);
  try {
    await program.parseAsync(parameters, { from: 'user' });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
}

function addVerb<Name extends VerbName>(program: Command, name: Name, verbs: Verbs): void {
  const options: TableOf<Name> = commands[name].options;
  const [word = name, second] = name.split(' ');
  const parent = second === undefined ? program : groupOf(program, word);
  const command = addOptions(parent.command(second ?? word), options).description(commands[name].description);
  command.action(async () => await verbs[name](valuesOf(command, options)));
}

/** The command under which verbs of two words with this first one stand. */
function groupOf(program: Command, word: string): Command {
  const known = program.commands.find((command) => command.name() === word);
  return (
    known ??
    program
      .command(word)
      .description(groups[word] ?? '')
      .helpCommand(false)
  );
}

const groups: Readonly<Partial<Record<string, string>>> = {
  access: 'make, list and end accounts, users, roles, access keys and policies',
  audit: 'check and search the record of calls',
  keys: 'make, list, rotate and end the keys that dataset groups are encrypted with',
};

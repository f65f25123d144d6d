import { option } from './option.ts';
import { isHttpUrl, numberThat, textThat } from './parsers.ts';

/** What writes the titles of themes in batch inference. */
export const themeOptions = {
  themeEndpoint: option({
    flags: '--theme-endpoint <url>',
    help: 'writes titles of themes: anything with the chat completions of the OpenAI API',
    docs: 'Names and texts of items are sent there: [themes](batch.md#themes) says which.',
    defaultText: 'a method of the server itself',
    parse: textThat(isHttpUrl, 'An endpoint looks like http://127.0.0.1:11434/v1.'),
  }),
  themeModel: option({
    flags: '--theme-model <name>',
    help: 'model that --theme-endpoint is asked for',
    default: 'default',
    parse: textThat((text) => /^[\x21-\x7e]{1,200}$/.test(text), 'A model has a name without blanks.'),
  }),
  themeKey: option({
    flags: '--theme-key <key>',
    help: 'key of --theme-endpoint, sent as a bearer token',
    docs: 'Set OPENPERSONALIZE_THEME_KEY_FILE to the path of a file with it: a command line is seen by others.',
    defaultText: 'none',
    parse: textThat((text) => /^[\x21-\x7e]+$/.test(text), 'A key is letters, digits and signs without blanks.'),
  }),
  themeTimeout: option({
    flags: '--theme-timeout <seconds>',
    help: 'how long --theme-endpoint may take for a title before it is asked again, twice at most',
    default: 30,
    parse: numberThat(/^\d{1,3}(\.\d+)?$/, 'It is a number of seconds above 0.', (seconds) => seconds > 0),
  }),
};

/**
 * Holds comments and Markdown to what reads well: lines of at most 120 columns, paragraphs of at most five lines.
 *
 * Code fences are not prose, and a line that is one word (a long link) cannot be wrapped. Table rows have no exception.
 * They cannot be wrapped either: Markdown takes the second line for a row of its own.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const columns = 120;
const paragraphLines = 5;

/** Folders with comments to check, and folders with Markdown besides the root's. */
const codeFolders = ['src', 'test', 'bench', 'demo', 'scripts'];
const proseFolders = ['docs', ...codeFolders];

/** Prints every violation below `root` as `file:line: why`. Returns 0, or 1 where there is any. */
export function checkProse(root) {
  const violations = [
    ...filesBelow(root, codeFolders, /\.(ts|mjs|sh)$/).flatMap((file) => violationsOf(root, file, commentViolations)),
    ...filesBelow(root, proseFolders, /\.md$/).flatMap((file) => violationsOf(root, file, markdownViolations)),
    ...namesIn(root, /\.md$/).flatMap((file) => violationsOf(root, file, markdownViolations)),
  ];
  for (const violation of violations) console.error(violation);
  return violations.length > 0 ? 1 : 0;
}

const violationsOf = (root, file, rule) =>
  rule(readFileSync(join(root, file), 'utf8').split('\n'), file.endsWith('.sh')).map(
    ({ line, why }) => `${file}:${line}: ${why}`,
  );

const filesBelow = (root, folders, ending) =>
  folders.flatMap((folder) =>
    namesIn(join(root, folder), ending, { recursive: true }).map((name) => join(folder, name)),
  );

function namesIn(folder, ending, options) {
  try {
    return readdirSync(folder, options)
      .filter((name) => ending.test(name))
      .sort();
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

/** Lines that are a comment or end in one, and are too long. */
function commentViolations(lines, isShell) {
  const comment = isShell ? /^\s*#|\s# / : /^\s*(\/\/|\/\*|\*)|[;,{}()\]]\s+\/\/ /;
  return numbered(lines)
    .filter(({ text }) => isTooLong(text) && comment.test(text))
    .map(({ line, text }) => ({ line, why: tooLong('A comment', text) }));
}

/** Lines outside code fences that are too long, and paragraphs or list items with too many lines. */
function markdownViolations(lines) {
  const violations = [];
  let fence;
  let run = 0;
  for (const { line, text } of numbered(lines)) {
    const [, mark] = /^\s*(```+|~~~+)/.exec(text) ?? [];
    if (mark !== undefined && (fence === undefined || mark.startsWith(fence))) {
      fence = fence === undefined ? mark : undefined;
      run = 0;
      continue;
    }
    if (fence !== undefined) continue;
    if (isTooLong(text)) violations.push({ line, why: tooLong('A line', text) });
    if (isRow(lines[line - 2]) && text.trim() !== '' && !isRow(text))
      violations.push({ line, why: 'A row of a table stands on one line; an empty line ends the table.' });
    if (!isOfParagraph(text)) run = 0;
    else if (startsListItem(text)) run = 1;
    else run++;
    if (run === paragraphLines + 1)
      violations.push({ line, why: `A paragraph has more than ${paragraphLines} lines.` });
  }
  return violations;
}

/** Neither empty nor a heading, a row of a table or an image or comment by itself. */
const isOfParagraph = (text) => !/^\s*(#|\||<!--|!\[[^\]]*\]\([^)]*\)$|$)/.test(text);
const isRow = (text = '') => /^\s*\|/.test(text);
const startsListItem = (text) => /^\s*([-*+]|\d+\.) /.test(text);

/** A line of one word, after the mark of a list, cannot be broken. */
const isTooLong = (text) =>
  [...text].length > columns && /\S\s+\S/.test(text.replace(/^\s*([-*+]|\d+\.|\/\/|\*|#)\s/, ''));
const tooLong = (what, text) => `${what} has ${[...text].length} columns; at most ${columns} fit.`;

const numbered = (lines) => lines.map((text, index) => ({ line: index + 1, text }));

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = checkProse(process.argv[2] ?? '.');

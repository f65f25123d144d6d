import { S3Error } from './s3-error.ts';

/** An element of a document: its elements in order, and its text where it has none. Attributes are not kept. */
export type XmlNode = {
  /** Without a prefix. */
  readonly name: string;
  readonly children: readonly XmlNode[];
  readonly text: string;
};

type OpenNode = { readonly name: string; readonly tag: string; readonly children: XmlNode[]; text: string };

/** Deeper than anything that S3 takes. */
const deepest = 20;

const markup =
  /<\?[^?]*\?>|<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([\w:.-]+)\s*>|<([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;

/**
 * Reads a document of the little XML that S3 takes. There are no document types, and so no entities but those of XML.
 *
 * @throws S3Error MalformedXML
 */
export function readXml(text: string): XmlNode {
  const top: OpenNode = { name: '', tag: '', children: [], text: '' };
  const open = [top];
  let at = text.startsWith('\ufeff') ? 1 : 0;
  while (at < text.length) {
    const node = open[open.length - 1] ?? top;
    const next = text.indexOf('<', at);
    if (next !== at) node.text += decoded(text.slice(at, next < 0 ? undefined : next));
    if (next < 0) break;
    markup.lastIndex = next;
    const [all, characters, end, begin, , isEmpty] = markup.exec(text) ?? [];
    if (all === undefined) throw malformed();
    at = next + all.length;
    if (characters !== undefined) node.text += characters;
    else if (end !== undefined) close(open, end);
    else if (begin !== undefined) {
      if (open.push({ name: begin.replace(/^.*:/, ''), tag: begin, children: [], text: '' }) > deepest)
        throw malformed();
      if (isEmpty) close(open, begin);
    }
  }
  const [root, ...more] = top.children;
  if (root === undefined || more.length > 0 || open.length > 1 || top.text.trim() !== '') throw malformed();
  return root;
}

function close(open: OpenNode[], tag: string): void {
  const node = open.pop();
  const parent = open[open.length - 1];
  if (node?.tag !== tag || parent === undefined) throw malformed();
  parent.children.push({ name: node.name, children: node.children, text: node.text });
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decoded(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#x[\da-f]{1,6}|#\d{1,7}|\w*);?/gi, (all, name: string) => {
    const code = name.startsWith('#') ? Number(name.replace(/^#x/i, '0x').replace('#', '')) : Number.NaN;
    const character = code <= 0x10ffff ? String.fromCodePoint(code) : entities[name];
    if (character === undefined || !all.endsWith(';')) throw malformed();
    return character;
  });
}

/** The text of the first element of that name, undefined without one. */
export const textOf = ({ children }: XmlNode, name: string): string | undefined =>
  children.find((child) => child.name === name)?.text;

export const childrenOf = ({ children }: XmlNode, name: string): readonly XmlNode[] =>
  children.filter((child) => child.name === name);

export const malformed = (): S3Error =>
  new S3Error(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );

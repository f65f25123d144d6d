/** The content of an element: text, elements by name (of an array one each), or nothing. */
export type XmlContent = string | number | boolean | undefined | XmlElements;
export type XmlElements = { readonly [name: string]: XmlContent | readonly XmlContent[] };

const namespace = ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

/** A document as S3 writes it; elements whose content is undefined are left out. */
export function xmlDocument(root: string, content: XmlContent, attributes = namespace): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attributes}>${inner(content)}</${root}>`;
}

function inner(content: XmlContent): string {
  if (content === undefined) return '';
  if (typeof content !== 'object') return escaped(String(content));
  return Object.entries(content)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one: XmlContent) => element(name, one)))
    .join('');
}

const element = (name: string, content: XmlContent) =>
  content === undefined ? '' : `<${name}>${inner(content)}</${name}>`;

const codes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Characters that XML 1.0 has no way to write become U+FFFD; a client asks for `encoding-type=url` to get them. */
const escaped = (text: string) =>
  text
    .toWellFormed()
    .replace(/[&<>"]/g, (character) => codes[character] ?? character)
    .replace(/\r/g, '&#13;')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters.
    .replace(/[\0-\x08\v\f\x0e-\x1f\ufffe\uffff]/g, '\ufffd');

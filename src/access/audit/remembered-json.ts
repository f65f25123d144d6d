/** As many texts as servers usually see; each has at most some thousand characters. */
const most = 1000;

const remembered = new Map<string, string>();

/** JSON of a text that comes again and again, such as the name of a client. */
export function rememberedJson(text: string | null | undefined): string {
  if (text === null || text === undefined) return 'null';
  const known = remembered.get(text);
  if (known !== undefined) return known;
  if (remembered.size >= most) remembered.clear();
  const json = JSON.stringify(text);
  remembered.set(text, json);
  return json;
}

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;
type Content = Node | string | undefined | readonly (Node | string | undefined)[];

/** Makes an element; attributes that are undefined or false are left out. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...content: Content[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(key, value === true ? '' : String(value));
  }
  made.append(...content.flat().filter((each) => each !== undefined));
  return made;
}

export function button(label: Content, onClick: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const made = element('button', { type: 'button', ...attributes }, label);
  made.addEventListener('click', onClick);
  return made;
}

/** The element of the page with this id. */
export function byId(id: string): HTMLElement {
  const there = document.getElementById(id);
  if (there === null) throw new Error(`The page has no element ${id}.`);
  return there;
}

/** Says something for a few seconds, to screen readers too. */
export function toast(text: string): void {
  const place = byId('toast');
  const said = element('p', {}, text);
  place.replaceChildren(said);
  setTimeout(() => said.remove(), 5000);
}

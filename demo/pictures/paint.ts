import { seededRandom } from '../../src/quickstart/random.ts';

export type Hsl = readonly [hue: number, saturation: number, lightness: number];

/** What a drawing is done with: colours, a surface with the pattern of a style, and numbers that vary by item. */
export type Paint = {
  readonly main: string;
  readonly dark: string;
  readonly light: string;
  readonly pale: string;
  readonly accent: string;
  /** Main colour under the pattern. */
  readonly surface: string;
  /** A number from `from` to `to`, the same for the same item and `index`. */
  between(index: number, from: number, to: number): number;
};

/** A drawing inside `0 0 200 200`, standing on y = 168. */
export type Drawing = (paint: Paint) => string;

export const css = ([hue, saturation, lightness]: Hsl, lighter = 0) =>
  `hsl(${hue} ${saturation}% ${Math.max(6, Math.min(96, lightness + lighter))}%)`;

export function paintOf(id: string, [hue, saturation, lightness]: Hsl): Paint {
  const colour: Hsl = [hue, saturation, lightness];
  return {
    main: css(colour),
    dark: css(colour, -16),
    light: css(colour, 18),
    pale: css([hue, saturation, 90]),
    accent: css([(hue + 150) % 360, 55, 58]),
    surface: 'url(#surface)',
    between: (index, from, to) => from + (to - from) * seededRandom(hashOf(id) + 7919 * index).uniform(),
  };
}

/** FNV-1a. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash;
}

type Attributes = Readonly<Record<string, string | number>>;

const written = (attributes: Attributes) =>
  Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${typeof value === 'number' ? Math.round(10 * value) / 10 : value}"`)
    .join('');

export const rect = (
  x: number,
  y: number,
  width: number,
  height: number,
  fill: string,
  rx = 0,
  more: Attributes = {},
) => `<rect${written({ x, y, width, height, rx, fill, ...more })}/>`;

export const circle = (cx: number, cy: number, r: number, fill: string, more: Attributes = {}) =>
  `<circle${written({ cx, cy, r, fill, ...more })}/>`;

export const ellipse = (cx: number, cy: number, rx: number, ry: number, fill: string, more: Attributes = {}) =>
  `<ellipse${written({ cx, cy, rx, ry, fill, ...more })}/>`;

export const path = (d: string, fill: string, more: Attributes = {}) => `<path${written({ d, fill, ...more })}/>`;

/** A line without a surface. */
export const line = (d: string, stroke: string, width: number, more: Attributes = {}) =>
  path(d, 'none', { stroke, 'stroke-width': width, 'stroke-linecap': 'round', 'stroke-linejoin': 'round', ...more });

export const group = (content: string, transform: string) => `<g transform="${transform}">${content}</g>`;

/** The same drawn several times. */
export const times = (count: number, draw: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => draw(n)).join('');

export const escapeXml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

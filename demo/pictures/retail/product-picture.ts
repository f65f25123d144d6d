import type { Product } from '../../world/retail/catalogue.ts';
import type { Style } from '../../world/retail/kinds.ts';
import { css, type Drawing, ellipse, escapeXml, type Hsl, paintOf, path, rect } from '../paint.ts';
import { garden } from './garden.ts';
import { home } from './home.ts';
import { kitchen } from './kitchen.ts';
import { music } from './music.ts';
import { outdoors } from './outdoors.ts';
import { pantry } from './pantry.ts';
import { play } from './play.ts';
import { wardrobe } from './wardrobe.ts';

/** A drawing for each kind of product. */
const drawings: Readonly<Record<string, Drawing>> = {
  ...kitchen,
  ...pantry,
  ...garden,
  ...outdoors,
  ...home,
  ...wardrobe,
  ...play,
  ...music,
};

/** The backdrop of each category, so that shelves of one category look alike. */
const backdrops: Readonly<Record<string, Hsl>> = {
  Kitchen: [28, 60, 90],
  Pantry: [45, 70, 88],
  Garden: [110, 35, 88],
  Outdoors: [200, 45, 87],
  Home: [280, 22, 91],
  Wardrobe: [340, 40, 92],
  Play: [190, 55, 90],
  Music: [245, 35, 91],
};

/** An SVG picture of a product: what it is by its shape, its colour, its style by the pattern. */
export function productPicture(product: Product): string {
  const paint = paintOf(product.id, product.colour.hsl);
  const backdrop = backdrops[product.category] ?? [0, 0, 90];
  const x = paint.between(11, -20, 20);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200" role="img"><title>${escapeXml(product.name)}</title>`,
    `<defs>${surface(product.style, css(product.colour.hsl), css(product.colour.hsl, 13))}</defs>`,
    rect(0, 0, 200, 200, css(backdrop)),
    path(`M0 ${150 + x / 4} Q${60 + x} 132 110 148 T200 ${140 - x / 4} V200 H0 z`, css(backdrop, -6)),
    ellipse(100 + x, 70, 78, 62, css(backdrop, 4)),
    ellipse(100, 170, 58, 6, css(backdrop, -22), { opacity: 0.6 }),
    drawings[product.kind]?.(paint) ?? '',
    '</svg>',
  ].join('');
}

function surface({ pattern }: Style, main: string, light: string): string {
  const marks = {
    plain: '',
    band: rect(0, 18, 36, 8, light),
    dots: '<circle cx="6" cy="6" r="2.6" fill="LIGHT"/><circle cx="15" cy="15" r="2.6" fill="LIGHT"/>',
    stripes: rect(0, 0, 5, 18, light),
  }[pattern].replaceAll('LIGHT', light);
  const size = pattern === 'band' ? 36 : 18;
  const fill = rect(0, 0, size, size, main);
  return `<pattern id="surface" width="${size}" height="${size}" patternUnits="userSpaceOnUse">${fill}${marks}</pattern>`;
}

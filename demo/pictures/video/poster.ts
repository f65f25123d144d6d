import { seededRandom } from '../../../src/quickstart/random.ts';
import type { Title } from '../../world/video/titles.ts';
import { escapeXml, hashOf, rect } from '../paint.ts';
import { scenes } from './scenes.ts';

/** The bottom of a poster, under its title. */
const grounds: Readonly<Record<string, string>> = {
  Action: '#1d0b12',
  Adventure: '#15616f',
  Comedy: '#ffd43b',
  Crime: '#0b0c12',
  Drama: '#5a4a60',
  Family: '#4fa65a',
  Fantasy: '#22193f',
  Horror: '#0d0d12',
  Mystery: '#191833',
  Romance: '#a82f56',
  'Science Fiction': '#2b2250',
  Western: '#8f4a22',
};

/** An SVG poster of a film: a scene of its main genre, no two alike, with its title. */
export function poster(film: Title): string {
  const [genre] = film.genres;
  const scene = scenes[genre];
  const seed = hashOf(film.id);
  const chance = (index: number, from: number, to: number) =>
    from + (to - from) * seededRandom(seed + 7919 * index).uniform();
  const turn = Math.round(chance(999, -14, 14));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 300" role="img"><title>${escapeXml(film.name)}</title>`,
    '<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">',
    `<stop offset="0" stop-color="${scene.sky[0]}"/><stop offset="1" stop-color="${scene.sky[1]}"/></linearGradient></defs>`,
    `<g style="filter:hue-rotate(${turn}deg)">`,
    rect(0, 0, 200, 300, 'url(#sky)'),
    scene.draw(chance),
    rect(0, 218, 200, 82, grounds[genre] ?? '#222222'),
    '</g>',
    lettering(film, scene.ink),
    '</svg>',
  ].join('');
}

function lettering({ title, year, genres }: Title, ink: string): string {
  const lines = wrapped(title.toUpperCase(), 15).slice(0, 3);
  const size = lines.length > 2 ? 17 : 19;
  const small = [...genres, year].join(' · ').toUpperCase();
  const first = 248 + (2 - lines.length) * 9;
  const style = `font-family="Georgia, 'Times New Roman', serif" text-anchor="middle" fill="${ink}"`;
  return [
    ...lines.map((text, n) => {
      const fitted = text.length > 12 ? ` textLength="178" lengthAdjust="spacingAndGlyphs"` : '';
      return `<text x="100" y="${first + n * (size + 2)}" font-size="${size}" font-weight="700" ${style}${fitted}>${escapeXml(text)}</text>`;
    }),
    `<text x="100" y="292" font-size="${small.length > 24 ? 7 : 9}" letter-spacing="1.2" ${style} opacity="0.85">${escapeXml(small)}</text>`,
  ].join('');
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

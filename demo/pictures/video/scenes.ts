import type { Genre } from '../../../src/quickstart/film-titles.ts';
import { circle, ellipse, group, line, path, rect, times } from '../paint.ts';
import { type Chance, hill, peaks, rain, type Scene, skyline, stars } from './scenery.ts';

const chase = (chance: Chance) =>
  [
    skyline(chance, 170, '#3a1220', '#ffb35c'),
    path('M0 300 L84 160 H116 L200 300 z', '#1d0b12'),
    times(4, (n) => rect(98 - n, 176 + 30 * n, 4 + 2 * n, 14 + 3 * n, '#ffd27a')),
    group(
      [path('M-26 0 q4 -16 14 -17 h24 q10 1 14 17 v14 h-52 z', '#f4462f'), rect(-18, -12, 36, 11, '#ffe3c2', 4)].join(
        '',
      ) +
        [
          rect(-24, 10, 11, 9, '#120608', 3),
          rect(13, 10, 11, 9, '#120608', 3),
          circle(-19, 4, 4, '#fff3b0'),
          circle(19, 4, 4, '#fff3b0'),
        ].join(''),
      `translate(${chance(1, 84, 116)} ${chance(2, 194, 206)})`,
    ),
    path(
      `M${chance(3, 20, 160)} 20 l10 22 l20 -14 l-6 24 l26 4 l-24 12 l12 22 l-24 -12 l-12 22 l-6 -26 l-26 6 l18 -18 l-22 -14 l26 -4 z`,
      '#ff8a2a',
      { opacity: 0.9 },
    ),
  ].join('');

const voyage = (chance: Chance) =>
  [
    circle(chance(1, 40, 160), 62, 26, '#ffe9a8'),
    peaks(chance, 190, '#3f6b6f', '#f4f7ef'),
    path('M0 178 q25 -12 50 0 t50 0 t50 0 t50 0 V300 H0 z', '#1f7a8c'),
    group(
      [path('M-40 0 h80 q-8 26 -24 26 h-36 q-14 0 -20 -26 z', '#6b3f22'), line('M0 0 V-72', '#4a2a15', 4)].join('') +
        [
          path('M4 -68 q40 22 2 58 z', '#fbf3df'),
          path('M-4 -60 q-30 20 -2 48 z', '#efe2c2'),
          path('M0 -72 l16 -7 l-16 -6 z', '#d8412f'),
        ].join(''),
      `translate(${chance(2, 70, 130)} 184) rotate(${chance(3, -6, 6)})`,
    ),
    path('M0 204 q25 -12 50 0 t50 0 t50 0 t50 0 V300 H0 z', '#15616f'),
  ].join('');

const confetti = ['#ff5d5d', '#3aa6ff', '#ffd43b', '#5ad07a', '#b87bff'] as const;

const party = (chance: Chance) =>
  [
    times(40, (n) =>
      group(
        rect(-3, -5, 6, 10, confetti[n % 5] ?? confetti[0], 1),
        `translate(${chance(n, 0, 200)} ${chance(60 + n, 0, 215)}) rotate(${chance(120 + n, 0, 180)})`,
      ),
    ),
    circle(100, 120, 56, '#ffdf4f'),
    circle(80, 106, 7, '#3b2b12'),
    chance(3, 0, 1) > 0.5 ? circle(120, 106, 7, '#3b2b12') : line('M112 107 q8 -8 16 0', '#3b2b12', 5),
    path(`M70 128 q30 ${chance(4, 36, 58)} 60 0 z`, '#8a2b2b'),
    group(
      path('M-26 0 L0 -58 L26 0 z', '#ff5d8f') + circle(0, -60, 8, '#3aa6ff'),
      `translate(${chance(5, 92, 120)} 72) rotate(${chance(6, -16, 22)})`,
    ),
  ].join('');

const alley = (chance: Chance) =>
  [
    skyline(chance, 190, '#171a26', '#f3c64e'),
    rain(chance, '#9fb3d9'),
    path('M150 70 L96 300 H214 z', '#f3c64e', { opacity: 0.22 }),
    line('M150 72 V300 M150 72 q0 -16 -18 -16', '#0b0c12', 6),
    ellipse(132, 60, 10, 6, '#ffe7a0'),
    group(
      [
        path('M-17 90 L-13 20 q13 -10 26 0 L17 90 z', '#0b0c12'),
        circle(0, 6, 10, '#0b0c12'),
        ellipse(0, 0, 19, 4.5, '#0b0c12'),
        rect(-11, -12, 22, 13, '#0b0c12', 4),
      ].join(''),
      `translate(${chance(2, 62, 106)} 126)`,
    ),
  ].join('');

const lonelyTree = (chance: Chance) =>
  [
    circle(chance(1, 50, 150), 100, 34, '#fff1dc'),
    hill(188, chance(2, -30, 30), '#7c6a7f'),
    group(
      [line('M0 0 q-4 -40 2 -70 M0 -36 q-18 -14 -22 -30 M1 -48 q16 -10 22 -28', '#33283a', 5)].join('') +
        times(16, (n) =>
          circle(
            chance(30 + n, -38, 40),
            chance(50 + n, -104, -54),
            chance(70 + n, 6, 13),
            n % 3 === 0 ? '#c96a52' : '#e0906a',
          ),
        ),
      `translate(${chance(3, 60, 140)} 182)`,
    ),
    group(
      path('M-5 0 l3 -20 h4 l3 20 z', '#33283a') + circle(0, -24, 4.5, '#33283a'),
      `translate(${chance(4, 30, 60)} 186)`,
    ),
    hill(208, 20, '#5a4a60'),
  ].join('');

const balloons = (chance: Chance) =>
  [
    times(5, (n) =>
      path(`M${20 + 8 * n} 215 a${80 - 8 * n} ${80 - 8 * n} 0 0 1 ${160 - 16 * n} 0`, 'none', {
        stroke: confetti[n] ?? confetti[0],
        'stroke-width': 8,
        opacity: 0.75,
      }),
    ),
    times(3, (n) => ellipse(chance(n, 10, 190), chance(10 + n, 20, 90), 26, 10, '#ffffff', { opacity: 0.85 })),
    group(
      [
        ellipse(0, 0, 34, 40, confetti[Math.floor(chance(5, 0, 4.9))] ?? confetti[0]),
        ellipse(0, 0, 13, 40, '#ffffff', { opacity: 0.45 }),
        line('M-16 34 L-8 58 M16 34 L8 58', '#7a5636', 2),
        rect(-10, 58, 20, 14, '#a8713f', 3),
      ].join(''),
      `translate(${chance(6, 70, 130)} ${chance(7, 70, 96)})`,
    ),
    hill(198, chance(8, -20, 20), '#6cc070'),
    hill(216, 30, '#4fa65a'),
  ].join('');

const castle = (chance: Chance) =>
  [
    stars(chance, 40, '#fff4c9'),
    circle(chance(1, 40, 160), 54, 22, '#f8e7b0'),
    group(
      [
        rect(-44, -50, 88, 90, '#3a2b63'),
        rect(-54, -84, 22, 124, '#2f2253'),
        rect(32, -84, 22, 124, '#2f2253'),
        rect(-11, -104, 22, 144, '#483678'),
      ].join('') +
        [
          path('M-58 -84 l15 -30 l15 30 z M28 -84 l15 -30 l15 30 z M-15 -104 l15 -36 l15 36 z', '#c2457d'),
          path('M-10 40 v-22 a10 10 0 0 1 20 0 v22 z', '#1b1333'),
        ].join('') +
        times(4, (n) => rect(-30 + 18 * n, -30, 6, 12, '#ffd76a', 3)),
      `translate(100 ${chance(2, 160, 172)})`,
    ),
    path(
      `M${chance(3, 20, 50)} ${chance(4, 60, 100)} q12 -16 22 0 q10 -16 22 0 q-12 -4 -22 10 q-10 -14 -22 -10 z`,
      '#1b1333',
    ),
    hill(200, chance(5, -30, 30), '#22193f'),
  ].join('');

const hauntedHouse = (chance: Chance) =>
  [
    circle(chance(1, 50, 150), 66, 34, '#f4efe0'),
    group(
      [
        path('M-46 60 V-6 L0 -46 L46 -6 V60 z', '#0d0d12'),
        rect(16, -52, 14, 40, '#0d0d12'),
        rect(-26, 6, 16, 20, '#d92b2b'),
        rect(10, 6, 16, 20, chance(3, 0, 1) > 0.5 ? '#d92b2b' : '#2a1013'),
        rect(-9, 32, 18, 28, '#2a1013'),
      ].join(''),
      `translate(${chance(2, 84, 116)} 142) skewX(${chance(4, -7, 7)})`,
    ),
    times(4, (n) => {
      const [x, y] = [chance(20 + n, 20, 180), chance(30 + n, 24, 110)];
      return path(`M${x} ${y} q6 -8 11 0 q5 -8 11 0 q-6 -1 -8 5 q-3 -4 -6 0 q-2 -6 -8 -5 z`, '#0d0d12');
    }),
    line('M20 215 V120 M20 150 l18 -22 M20 138 l-16 -18 M180 215 V134 M180 160 l-20 -18', '#0d0d12', 5),
    hill(204, chance(5, -20, 20), '#0d0d12'),
    times(3, (n) => ellipse(chance(60 + n, 0, 200), 196 + 6 * n, 70, 7, '#b7c4b2', { opacity: 0.25 })),
  ].join('');

const keyhole = (chance: Chance) =>
  [
    times(9, (n) => circle(100, 108, 150 - 14 * n, n % 2 ? '#2b2a4c' : '#232241')),
    path('M100 62 a34 34 0 0 1 17 63 l14 62 h-62 l14 -62 a34 34 0 0 1 17 -63 z', '#f0d58a'),
    group(
      [
        path('M-11 40 L-7 -4 q7 -6 14 0 L11 40 z', '#232241'),
        circle(0, -12, 7, '#232241'),
        line('M10 6 l14 -8', '#232241', 4),
      ].join(''),
      `translate(${chance(1, 96, 106)} 147)`,
    ),
    group(
      `${circle(0, 0, 24, 'none', { stroke: '#d9773f', 'stroke-width': 7 })}${circle(0, 0, 20, '#bfe4ee', { opacity: 0.35 })}${line('M17 17 L46 46', '#d9773f', 9)}`,
      `translate(${chance(2, 34, 60)} ${chance(3, 40, 70)}) rotate(${chance(4, -20, 20)})`,
    ),
  ].join('');

const heart = 'M0 30 q-44 -30 -24 -54 q16 -14 24 8 q8 -22 24 -8 q20 24 -24 54 z';

const hearts = (chance: Chance) =>
  [
    times(9, (n) =>
      group(
        path(heart, n % 2 ? '#ff9fb5' : '#ffc2cf'),
        `translate(${chance(n, 10, 190)} ${chance(20 + n, 10, 190)}) scale(${chance(40 + n, 0.2, 0.6)}) rotate(${chance(60 + n, -24, 24)})`,
      ),
    ),
    group(path(heart, '#e83f6f'), 'translate(100 96) scale(1.9)'),
    group(
      [
        circle(-17, -26, 12, '#6e2140'),
        circle(17, -20, 11, '#8c2f54'),
        path('M-36 40 q0 -46 20 -50 q18 4 16 22 q2 -16 16 -18 q20 6 20 46 z', '#6e2140'),
      ].join(''),
      `translate(100 174) scale(${chance(7, 0.95, 1.15)})`,
    ),
  ].join('');

const planets = (chance: Chance) =>
  [
    stars(chance, 70),
    circle(chance(1, 110, 160), chance(2, 60, 84), chance(3, 32, 50), '#ff7f6b'),
    circle(chance(1, 110, 160) - 8, chance(2, 60, 84) - 8, chance(3, 32, 50) * 0.72, '#ff9d84', { opacity: 0.7 }),
    ellipse(chance(1, 110, 160), chance(2, 60, 84), 76, 13, 'none', {
      stroke: '#ffd9a0',
      'stroke-width': 5,
      transform: `rotate(-18 ${chance(1, 110, 160)} ${chance(2, 60, 84)})`,
    }),
    group(
      [
        path('M0 -52 q22 24 16 66 h-32 q-6 -42 16 -66 z', '#e9eef5'),
        circle(0, -14, 8, '#2fa8c9'),
        path('M-16 4 l-14 22 l16 -8 z M16 4 l14 22 l-16 -8 z', '#e2503c'),
        path('M-9 16 q9 40 18 0 z', '#ffb03a'),
      ].join(''),
      `translate(${chance(5, 52, 84)} ${chance(6, 130, 150)}) rotate(${chance(7, 14, 40)})`,
    ),
    path('M0 206 q50 -24 100 -8 t100 -6 V300 H0 z', '#3b2f6b'),
    ellipse(chance(8, 30, 90), 214, 18, 4, '#2b2250'),
    ellipse(chance(9, 110, 180), 222, 24, 5, '#2b2250'),
  ].join('');

const desert = (chance: Chance) =>
  [
    circle(chance(1, 60, 140), 112, 46, '#fff0c2'),
    path('M-10 186 V130 h12 v-16 h46 v14 h14 v58 z', '#a8442a'),
    path('M130 186 V112 h10 v-14 h34 v20 h36 v68 z', '#8f3822'),
    hill(194, chance(2, -20, 20), '#d98a4a'),
    group(
      [
        line('M0 0 V-64', '#2f6b45', 13),
        line('M0 -22 h-20 v-20', '#2f6b45', 9),
        line('M0 -32 h20 v-22', '#2f6b45', 9),
      ].join(''),
      `translate(${chance(3, 34, 70)} 212)`,
    ),
    group(
      [
        path('M-26 0 q26 12 52 0 q-4 -6 -13 -5 q-2 -20 -13 -14 q-11 -6 -13 14 q-9 -1 -13 5 z', '#3a2013'),
        path('M-10 8 h20 l8 44 h-36 z', '#3a2013'),
        circle(0, 4, 8, '#3a2013'),
      ].join(''),
      `translate(${chance(4, 116, 150)} 166)`,
    ),
    hill(216, 30, '#b86a34'),
  ].join('');

/** A scene for each genre. */
export const scenes: Readonly<Record<Genre, Scene>> = {
  Action: { sky: ['#7a1f2b', '#f47b3c'], ink: '#fff3e0', draw: chase },
  Adventure: { sky: ['#7fc8d8', '#fbe8b6'], ink: '#fdf6e3', draw: voyage },
  Comedy: { sky: ['#ffb3c7', '#fff0c9'], ink: '#3b2b12', draw: party },
  Crime: { sky: ['#1f2436', '#4a4f6a'], ink: '#f3c64e', draw: alley },
  Drama: { sky: ['#9c7b95', '#f2c4a2'], ink: '#fff4e6', draw: lonelyTree },
  Family: { sky: ['#7fd0ff', '#e8f8ff'], ink: '#ffffff', draw: balloons },
  Fantasy: { sky: ['#2a1f57', '#8c5aa8'], ink: '#ffe9a8', draw: castle },
  Horror: { sky: ['#26323a', '#6b7b6a'], ink: '#e23b3b', draw: hauntedHouse },
  Mystery: { sky: ['#191833', '#33325c'], ink: '#f0d58a', draw: keyhole },
  Romance: { sky: ['#ffd9df', '#ffb9a8'], ink: '#fff5f0', draw: hearts },
  'Science Fiction': { sky: ['#0c0f2b', '#3a2a6b'], ink: '#bfeaff', draw: planets },
  Western: { sky: ['#e2643c', '#f7c873'], ink: '#fff3d6', draw: desert },
};

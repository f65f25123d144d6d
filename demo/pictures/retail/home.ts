import { circle, type Drawing, ellipse, group, line, path, rect } from '../paint.ts';

const lamp: Drawing = (paint) => {
  const shade = paint.between(1, 36, 52);
  return [
    path(`M${100 - shade} 96 L40 168 H160 L${100 + shade} 96 z`, '#ffe9ae', { opacity: 0.5 }),
    line('M100 94 V160', paint.dark, 6),
    ellipse(100, 164, 30, 6, paint.dark),
    path(`M${100 - shade * 0.55} 42 h${shade * 1.1} L${100 + shade} 98 H${100 - shade} z`, paint.surface),
    ellipse(100, 98, shade, 5, '#fff3cc'),
    line(`M${100 + shade / 2} 100 v18`, paint.dark, 2),
    circle(100 + shade / 2, 120, 3, paint.accent),
  ].join('');
};

const cushion: Drawing = (paint) =>
  group(
    [
      path('M-54 -46 q54 14 108 0 q-14 46 0 92 q-54 -14 -108 0 q14 -46 0 -92 z', paint.surface),
      path('M-54 -46 q54 14 108 0 q-14 46 0 92 q-54 -14 -108 0 q14 -46 0 -92 z', 'none', {
        stroke: paint.dark,
        'stroke-width': 4,
        'stroke-dasharray': '1 7',
        'stroke-linecap': 'round',
      }),
      circle(0, 0, 7, paint.dark),
      line('M-30 -22 L-8 -6 M30 -22 L8 -6 M-30 22 L-8 6 M30 22 L8 6', paint.dark, 2, { opacity: 0.6 }),
    ].join(''),
    `translate(100 116) rotate(${paint.between(1, -14, 14)})`,
  );

const candle: Drawing = (paint) => {
  const top = paint.between(1, 84, 108);
  return [
    circle(100, top - 26, 36, '#ffe6a3', { opacity: 0.55 }),
    rect(70, top, 60, 168 - top, paint.surface, 10),
    ellipse(100, top, 30, 7, paint.light),
    line(`M100 ${top} v-12`, '#3a2d22', 3),
    path(`M100 ${top - 48} q18 24 0 38 q-18 -14 0 -38 z`, '#f6a623'),
    path(`M100 ${top - 32} q8 12 0 20 q-8 -8 0 -20 z`, '#fff0b5'),
    rect(82, top + 22, 36, 24, paint.pale, 4),
  ].join('');
};

const armchair: Drawing = (paint) => {
  const back = paint.between(1, 56, 72);
  return [
    rect(52, 150, 9, 20, '#7a5636', 3),
    rect(139, 150, 9, 20, '#7a5636', 3),
    rect(54, back, 92, 90, paint.surface, 24),
    rect(58, 112, 84, 26, paint.light, 10),
    rect(36, 96, 28, 62, paint.main, 14),
    rect(136, 96, 28, 62, paint.main, 14),
    rect(50, 134, 100, 24, paint.dark, 8),
    circle(84, back + 26, 3, paint.dark),
    circle(116, back + 26, 3, paint.dark),
  ].join('');
};

export const home: Readonly<Record<string, Drawing>> = {
  Lamps: lamp,
  Cushions: cushion,
  Candles: candle,
  Armchairs: armchair,
};

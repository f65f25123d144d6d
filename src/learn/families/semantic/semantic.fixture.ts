import { uniforms } from '../../kernels/random.ts';

const words = {
  space: 'rocket planet stars galaxy astronaut orbit comet moon',
  kitchen: 'oven bread recipe chef kitchen butter spice pan',
  west: 'horse saddle prairie cowboy sheriff ranch canyon dust',
};

/** Items of three themes in turn, `space0`, `kitchen1`, `west2` …: id, name, plot and when it was created. */
export function themedItems(count: number): [id: string, name: string, plot: string, time: number][] {
  const random = uniforms(3);
  const themes = Object.entries(words);
  return Array.from({ length: count }, (_, n) => {
    const [theme, text] = themes[n % themes.length] ?? themes[0];
    const some = (length: number) => {
      const all = text.split(' ');
      return Array.from({ length }, () => all[Math.floor(random() * all.length)]).join(' ');
    };
    return [`${theme}${n}`, some(3), `${some(6)} and the number${n % 5}`, 1_600_000_000 + n * 86_400];
  });
}

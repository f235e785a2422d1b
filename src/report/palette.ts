/**
 * The colours of pages and figures, each for a light and a dark background.
 *
 * Data colours are Okabe & Ito's, told apart with every common colour blindness; the vivid ones are
 * lightened on dark paper. Nothing is said by colour alone: lines differ in dash, states in symbol.
 * Okabe & Ito, Color Universal Design, 2008. https://jfly.uni-koeln.de/color/
 */
export const palette = {
  ink: { light: '#1b1f24', dark: '#e7eaed' },
  muted: { light: '#59636e', dark: '#a3adb8' },
  line: { light: '#d5dbe1', dark: '#3a434d' },
  paper: { light: '#ffffff', dark: '#14171b' },
  panel: { light: '#f5f7f9', dark: '#1d2228' },
  hybrid: { light: '#0072b2', dark: '#56b4e9' },
  flow: { light: '#d55e00', dark: '#f0a35e' },
  md: { light: '#00805d', dark: '#35c79b' },
  tempering: { light: '#a4457f', dark: '#e09cc3' },
  good: { light: '#00724f', dark: '#35c79b' },
  bad: { light: '#b34700', dark: '#f0a35e' },
  state0: { light: '#0072b2', dark: '#56b4e9' },
  state1: { light: '#d55e00', dark: '#f0a35e' },
  state2: { light: '#00805d', dark: '#35c79b' },
  state3: { light: '#a4457f', dark: '#e09cc3' },
  state4: { light: '#8a6d00', dark: '#f0e442' },
  // A landscape's basins are paper, so that whatever lies in them is seen; its heights are fog.
  height0: { light: '#ffffff', dark: '#14171b' },
  height1: { light: '#f2f5f7', dark: '#1a1f25' },
  height2: { light: '#e5eaef', dark: '#20272e' },
  height3: { light: '#d9e0e7', dark: '#272f38' },
  height4: { light: '#ccd6df', dark: '#2d3742' },
  height5: { light: '#c0ccd7', dark: '#34404c' },
  height6: { light: '#b3c1cf', dark: '#3b4856' },
  height7: { light: '#a6b6c6', dark: '#425161' },
  height8: { light: '#9aacbe', dark: '#4a5a6c' },
} as const;

export type ColourName = keyof typeof palette;

/** `var(--hybrid)`: a palette colour as figures use it, resolved by the page or by `withFixedColours`. */
export function colour(name: ColourName): string {
  return `var(--${name})`;
}

/** The custom properties of one colour scheme, as CSS declarations. */
export function colourDeclarations(scheme: 'light' | 'dark'): string {
  return Object.entries(palette)
    .map(([name, value]) => `--${name}:${value[scheme]};`)
    .join('');
}

/** `svg` with every palette colour and `currentColor` replaced by its fixed light value. */
export function withFixedColours(svg: string): string {
  return svg
    .replace(/var\(--([a-zA-Z0-9]+)\)/g, (whole, name: string) =>
      isColourName(name) ? palette[name].light : whole,
    )
    .replaceAll('currentColor', palette.ink.light);
}

function isColourName(name: string): name is ColourName {
  return Object.hasOwn(palette, name);
}

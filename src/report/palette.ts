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
  // Of a free-energy surface the deepest cell is farthest from paper, and lightness falls or rises in
  // even steps: ColorBrewer's YlGnBu (Brewer 2002), which every colour blindness can read.
  surface0: { light: '#081d58', dark: '#fcfed3' },
  surface1: { light: '#1e2e85', dark: '#eff9b5' },
  surface2: { light: '#23499e', dark: '#d4eeb3' },
  surface3: { light: '#216bae', dark: '#abdeb7' },
  surface4: { light: '#1d91c0', dark: '#77cabc' },
  surface5: { light: '#38adc3', dark: '#48b9c3' },
  surface6: { light: '#61c2bf', dark: '#2b9fc2' },
  surface7: { light: '#92d4b9', dark: '#1f7eb7' },
  surface8: { light: '#c8e9b4', dark: '#2259a6' },
  surface9: { light: '#e4f5b2', dark: '#253a97' },
  surface10: { light: '#f6fcc6', dark: '#142670' },
  // Elements, as molecules are drawn since Corey, Pauling and Koltun.
  atomC: { light: '#4a545e', dark: '#8d99a6' },
  atomH: { light: '#c3ccd4', dark: '#dde3e9' },
  atomN: { light: '#2f5fd0', dark: '#6f9bff' },
  atomO: { light: '#d3302f', dark: '#ff6b5e' },
  atomS: { light: '#b99400', dark: '#f0d442' },
  atomX: { light: '#8a4fb0', dark: '#c79be6' },
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

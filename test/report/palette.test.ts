import { describe, expect, it } from 'vitest';
import { stateLook } from '../../src/report/figures/symbols.ts';
import { methodLook } from '../../src/report/methodLook.ts';
import { type ColourName, colour, palette, withFixedColours } from '../../src/report/palette.ts';

const schemes = ['light', 'dark'] as const;

/** Linear-light red, green and blue in [0, 1]. */
function linear(hex: string): number[] {
  return [1, 3, 5].map((i) => {
    const value = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
}

/** WCAG 2 contrast ratio. */
function contrast(a: string, b: string): number {
  const luminance = (hex: string): number => {
    const [r, g, blue] = linear(hex);
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
  };
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

// Machado, Oliveira & Fernandes, IEEE Trans. Vis. Comput. Graph. 15, 1291, 2009, severity 1.0.
const blindness = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** CIELAB under D65. */
function lab([r, g, b]: readonly number[]): number[] {
  const xyz = [
    (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
    0.2126 * r + 0.7152 * g + 0.0722 * b,
    (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
  ].map((t) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116));
  return [116 * xyz[1] - 16, 500 * (xyz[0] - xyz[1]), 200 * (xyz[1] - xyz[2])];
}

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...lab(a).map((value, i) => value - lab(b)[i]));
}

describe('the palette', () => {
  it('has text that can be read on paper and on panels, light and dark', () => {
    for (const scheme of schemes) {
      for (const name of ['ink', 'muted', 'good', 'bad'] as const) {
        for (const ground of ['paper', 'panel'] as const) {
          const ratio = contrast(palette[name][scheme], palette[ground][scheme]);
          expect([scheme, name, ground, ratio >= 4.5]).toEqual([scheme, name, ground, true]);
        }
      }
    }
  });

  it('has lines that stand out from paper and from the basins of a landscape', () => {
    const names: readonly ColourName[] = ['hybrid', 'flow', 'md', 'tempering'];
    for (const scheme of schemes) {
      for (const name of names) {
        for (const ground of ['paper', 'height3'] as const) {
          const ratio = contrast(palette[name][scheme], palette[ground][scheme]);
          expect([scheme, name, ground, ratio >= 2.7]).toEqual([scheme, name, ground, true]);
        }
      }
    }
  });

  it('keeps the methods apart for every kind of colour blindness', () => {
    const names = ['hybrid', 'flow', 'md', 'tempering'] as const;
    for (const scheme of schemes) {
      for (const [kind, matrix] of Object.entries(blindness)) {
        const seen = names.map((name) => {
          const rgb = linear(palette[name][scheme]);
          return matrix.map((line) => line.reduce((sum, m, i) => sum + m * rgb[i], 0));
        });
        for (let i = 0; i < seen.length; i++) {
          for (let j = 0; j < i; j++) {
            // Just noticeable is about 2.
            const apart = distance(seen[i], seen[j]) > 10;
            expect([scheme, kind, names[i], names[j], apart]).toEqual([
              scheme,
              kind,
              names[i],
              names[j],
              true,
            ]);
          }
        }
      }
    }
  });

  it('never says anything by colour alone: methods differ in dash, states in symbol', () => {
    expect(new Set(Object.values(methodLook).map(({ dash }) => dash)).size).toBe(4);
    expect(new Set(Object.values(methodLook).map(({ symbol }) => symbol)).size).toBe(4);
    const looks = Array.from({ length: 30 }, (_, i) => stateLook(i));
    expect(new Set(looks.map(({ symbol, colour: own }) => symbol + own)).size).toBe(30);
    for (let i = 0; i < 5; i++) expect(looks[i].symbol).not.toBe(looks[i + 1].symbol);
  });

  it('has steps of a surface that go one way in lightness, for every kind of colour blindness', () => {
    const names = Array.from({ length: 11 }, (_, k) => `surface${k}` as ColourName);
    for (const scheme of schemes) {
      for (const [kind, matrix] of Object.entries(blindness)) {
        const lightness = [...names, 'paper' as const].map((name) => {
          const rgb = linear(palette[name][scheme]);
          return lab(matrix.map((line) => line.reduce((sum, m, i) => sum + m * rgb[i], 0)))[0];
        });
        const steps = lightness.slice(1).map((value, k) => value - lightness[k]);
        const sign = scheme === 'light' ? 1 : -1;
        expect([scheme, kind, steps.filter((step) => sign * step < 1)]).toEqual([scheme, kind, []]);
      }
    }
  });

  it('is replaced by fixed colours where there is no style sheet', () => {
    const svg = `<g fill="${colour('hybrid')}" stroke="currentColor" style="x:var(--unknown)"/>`;
    expect(withFixedColours(svg)).toBe(
      `<g fill="${palette.hybrid.light}" stroke="${palette.ink.light}" style="x:var(--unknown)"/>`,
    );
  });
});

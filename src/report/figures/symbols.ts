import { type ColourName, colour } from '../palette.ts';

/** Symbols that stay apart at 3 px, in the order in which states take them; Observable Plot's names. */
export const symbolNames = ['circle', 'triangle', 'square', 'diamond', 'cross', 'star'] as const;

export type SymbolName = (typeof symbolNames)[number];

const stateColours = [
  'state0',
  'state1',
  'state2',
  'state3',
  'state4',
] as const satisfies readonly ColourName[];

/** How state `index` is drawn everywhere: 30 states differ in colour, symbol, or both. */
export function stateLook(index: number): { readonly symbol: SymbolName; readonly colour: string } {
  return {
    symbol: symbolNames[index % symbolNames.length],
    colour: colour(stateColours[index % stateColours.length]),
  };
}

/** The look of what lies in no state. */
export const noStateLook = { symbol: 'circle', colour: colour('muted') } as const;

/** The outline of a symbol of radius `r` px about the origin, for legends. */
export function symbolPath(symbol: SymbolName, r: number): string {
  const polygon = (points: readonly (readonly [number, number])[]): string =>
    `M${points.map(([x, y]) => `${(x * r).toFixed(2)},${(y * r).toFixed(2)}`).join('L')}Z`;
  switch (symbol) {
    case 'circle':
      return `M${r},0A${r},${r},0,1,1,${-r},0A${r},${r},0,1,1,${r},0Z`;
    case 'triangle':
      return polygon([
        [0, -1.15],
        [1, 0.65],
        [-1, 0.65],
      ]);
    case 'square':
      return polygon([
        [-0.9, -0.9],
        [0.9, -0.9],
        [0.9, 0.9],
        [-0.9, 0.9],
      ]);
    case 'diamond':
      return polygon([
        [0, -1.3],
        [0.8, 0],
        [0, 1.3],
        [-0.8, 0],
      ]);
    case 'cross':
      return polygon([
        [-1.1, -0.37],
        [-0.37, -0.37],
        [-0.37, -1.1],
        [0.37, -1.1],
        [0.37, -0.37],
        [1.1, -0.37],
        [1.1, 0.37],
        [0.37, 0.37],
        [0.37, 1.1],
        [-0.37, 1.1],
        [-0.37, 0.37],
        [-1.1, 0.37],
      ]);
    case 'star':
      return polygon(
        Array.from({ length: 10 }, (_, i) => {
          const length = i % 2 === 0 ? 1.3 : 0.52;
          const angle = (Math.PI * i) / 5;
          return [length * Math.sin(angle), -length * Math.cos(angle)] as const;
        }),
      );
  }
}

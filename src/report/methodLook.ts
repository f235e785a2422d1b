import type { MethodName } from '../scenario/comparison.ts';
import { colour } from './palette.ts';

/** How a method is called and drawn, wherever methods are compared. */
export const methodLook = {
  md: { label: 'plain MD', colour: colour('md'), dash: '2 3', symbol: 'square' },
  tempering: {
    label: 'parallel tempering',
    colour: colour('tempering'),
    dash: '9 3 2 3',
    symbol: 'triangle',
  },
  reweighting: {
    label: 'flow, reweighted',
    colour: colour('flow'),
    dash: '7 4',
    symbol: 'diamond',
  },
  hybrid: { label: 'hybrid', colour: colour('hybrid'), dash: undefined, symbol: 'circle' },
} as const satisfies Record<MethodName, object>;

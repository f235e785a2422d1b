// Weights of independent draws
export {
  effectiveSampleSize,
} from './effectiveSampleSize.ts';

import type { Potential } from '../../core/potential.ts';
import type { FlowDensity } from '../../flow/density.ts';
import type { FlowScore } from '../../flow/flowScore.ts';
import { type Bridge, type BridgeOptions, flowBridge } from './flowBridge.ts';
import { imageBridge } from './imageBridge.ts';

/** The bridge from `flow` to its target: that of its images where it is averaged over symmetries. */
export function bridge(
  potential: Potential,
  flow: FlowDensity,
  score: FlowScore,
  options: BridgeOptions,
): Bridge {
  const { mixture } = flow;
  if (mixture === undefined) return flowBridge(potential, flow, score, options);
  const path = flowBridge(potential, mixture.flow, score, options);
  return imageBridge(path, mixture, score, options.kT);
}

import {
  acceptedMoves,
  after,
  type Chain,
  chainOf,
  stationaryDistribution,
  switchingMarginal,
  totalVariation,
} from './exactChain.ts';

/** Three states, flow and MD in turns or MD once the flow was accepted: total variation from the target. */
export function switchOnAccept(isMutant: boolean): number {
  const p = [0.5, 0.1, 0.4];
  const flowRows = [
    [0.2, 0.2, 0.6],
    [0.2, 0.2, 0.6],
    [0.2, 0.2, 0.6],
  ];
  const neighbours = [
    [0.5, 0.5, 0],
    [0.5, 0, 0.5],
    [0, 0.5, 0.5],
  ];
  const flowMoves = acceptedMoves(p, flowRows);
  const md = chainOf(acceptedMoves(p, neighbours));
  return totalVariation(
    isMutant
      ? switchingMarginal(flowMoves, md)
      : stationaryDistribution(after(chainOf(flowMoves), md)),
    p,
  );
}

/** Six states of which two do not invert, asked of both ends or of the proposal alone: total variation. */
export function oneSidedFilter(isMutant: boolean): number {
  const p = [0.3, 0.05, 0.1, 0.15, 0.1, 0.3];
  const flowRows: Chain = p.map(() => [0.1, 0.1, 0.2, 0.2, 0.2, 0.2]);
  const walk: Chain = p.map((_, x) =>
    p.map((_, y) => (Math.abs(x - y) === 1 || (x === y && (x === 0 || x === 5)) ? 0.5 : 0)),
  );
  const inverts = [true, true, true, true, false, false];
  const filtered = acceptedMoves(p, flowRows, (x, y) => !inverts[y] || !(isMutant || inverts[x]));
  const schedule = after(chainOf(acceptedMoves(p, walk)), chainOf(filtered));
  return totalVariation(stationaryDistribution(schedule), p);
}

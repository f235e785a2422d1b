import { counted, significant } from './formatNumber.ts';
import type { PairDistances, ParticlePicturesData, ReportData } from './reportData.ts';

/** What one of the flow's draws is called. */
export function drawName(isAnnealed: boolean): string {
  return isAnnealed ? 'annealed draw' : 'flow draw';
}

/** What the discs show, and how they were chosen. */
export function particlesCaption(
  { moves, pairs }: ParticlePicturesData,
  annealed: ReportData['annealed'],
): string {
  const kind = annealed.moves ? 'an annealed flow move' : 'a flow move';
  const moved = moves.map(
    ({ from, to, moved: distance }) =>
      `from ${from} to ${to} (particles moved by ${significant(distance, 2)}, root mean square)`,
  );
  const above =
    moves.length === 0
      ? pairs.some(({ drawn }) => drawn !== null)
        ? 'No flow move of this run led from one state to another.'
        : ''
      : `Before and after ${kind} ${moved.join(' and ')}.`;
  const beside = pairs.some(({ drawn }) => drawn !== null)
    ? ` In each state, what molecular dynamics made and what ${annealed.draws ? 'annealing' : 'the flow'} drew should be of one look.`
    : '';
  return `${above}${beside} Each is the middle one of its sort in the order of the run, not the best.`.trim();
}

/** What the distributions are, and of how many samples. */
export function pairDistancesCaption({ samples, panels }: PairDistances): string {
  const hasDraws = panels.some(({ series }) => series.some(({ source }) => source === 'drawn'));
  const isReweighted = panels.some(({ series }) =>
    series.some(({ source }) => source === 'reweighted'),
  );
  const counts = samples.map(
    ({ state, local, drawn, effective }) =>
      `${state}: ${counted(local, 'record')}` +
      (hasDraws
        ? `, ${counted(drawn, 'draw')} worth ${significant(effective, 2)} after reweighting`
        : ''),
  );
  const isLeftOut =
    hasDraws && panels.some(({ series }) => !series.some(({ source }) => source === 'reweighted'));
  return (
    'The distribution of the distance of two particles, with an area of 1; it is no g(r), for a confined system has no even density to divide by. ' +
    `${isReweighted ? 'Reweighted draws and local moves should coincide. ' : ''}${counts.join('; ')}` +
    `${isLeftOut ? '; no reweighted curve from fewer than 50' : ''}.`
  );
}

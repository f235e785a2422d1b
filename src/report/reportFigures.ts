import type { Result } from '../scenario/result.ts';
import { chainName } from './differences.ts';
import { plainLabel } from './figures/axisLabel.ts';
import { deformationFigure } from './figures/deformationFigure.ts';
import { energiesFigure, tallest } from './figures/energiesFigure.ts';
import { landscapeFigure } from './figures/landscapeFigure.ts';
import { latentFigure } from './figures/latentFigure.ts';
import { ledgerFigure } from './figures/ledgerFigure.ts';
import { lossFigure } from './figures/lossFigure.ts';
import { moleculeFigure } from './figures/moleculeFigure.ts';
import { pairDistancesFigure } from './figures/pairDistancesFigure.ts';
import { particlesFigure } from './figures/particlesFigure.ts';
import { profileFigure } from './figures/profileFigure.ts';
import { surfaceFigure } from './figures/surfaceFigure.ts';
import { timelineFigure } from './figures/timelineFigure.ts';
import { traceFigure } from './figures/traceFigure.ts';
import { weightsFigure } from './figures/weightsFigure.ts';
import { counted, percent, significant } from './formatNumber.ts';
import type { Markup } from './html.ts';
import { drawName, pairDistancesCaption, particlesCaption } from './particleCaptions.ts';
import type {
  EnergyHistograms,
  MoleculeFrames,
  ReportData,
  SurfaceData,
  WeightHistogram,
} from './reportData.ts';
import { viewerMarkup } from './viewer/moleculeViewer.ts';

/** A figure of a page: drawn for any width, with what one should see in it. */
export interface PageFigure {
  /** Lower-case-with-dashes; its file is named after it. */
  readonly name: string;
  readonly title: string;
  /** One sentence. */
  readonly caption: string;
  /** The SVG, `width` px wide. */
  readonly draw: (width: number) => string;
  /** What a script of the page shows in the place of the picture, where it can. */
  readonly live?: Markup;
}

/** The figures of a run in the order of the page; those that would make no sense are left out. */
export function reportFigures(data: ReportData): PageFigure[] {
  const { landscape, deformation, latent, weights, surface, molecule, result } = data;
  const { particles, pairDistances, annealed } = data;
  const { units } = data.potential;
  const figures: (PageFigure | undefined)[] = [
    {
      name: 'profile',
      title: 'Free-energy profile',
      caption: profileCaption(data),
      draw: (width) => profileFigure(data.profile, width, chainName(result)),
    },
    surface === null
      ? undefined
      : {
          name: 'surface',
          title: `Free energy over ${plainLabel(surface.x.name)} and ${plainLabel(surface.y.name)}`,
          caption: surfaceCaption(surface),
          draw: (width) => surfaceFigure(surface, width),
        },
    molecule === null
      ? undefined
      : {
          name: 'molecule',
          title: 'The molecule',
          caption: moleculeCaption(molecule, result),
          draw: (width) => moleculeFigure(molecule, width),
          live: viewerMarkup(molecule),
        },
    particles === null
      ? undefined
      : {
          name: 'particles',
          title: 'Before and after a flow move, and MD beside the flow',
          caption: particlesCaption(particles, annealed),
          draw: (width) =>
            particlesFigure(
              particles,
              { coordinate: data.profile.coordinate, draw: drawName(annealed.draws) },
              width,
            ),
        },
    landscape === null
      ? undefined
      : {
          name: 'landscape',
          title: 'What moves where',
          caption: landscapeCaption(data),
          draw: (width) =>
            landscapeFigure({ landscape, walks: data.walks, jumps: data.jumps, units }, width),
        },
    landscape === null
      ? {
          name: 'trace',
          title: 'One chain at a time',
          caption: traceCaption(result),
          draw: (width) => traceFigure(data.trace, data.profile, width, chainName(result)),
        }
      : undefined,
    landscape === null || deformation === null
      ? undefined
      : {
          name: 'deformation',
          title: 'The map that the flow learned',
          caption:
            'The flow pulls the round Gaussian of latent space apart until its mass lies in the basins: ' +
            'lines crowd there, and only thin threads cross the barriers.',
          draw: (width) => deformationFigure({ deformation, landscape, units }, width),
        },
    latent === null
      ? undefined
      : {
          name: 'latent',
          title: 'The data in latent space',
          caption:
            'Mapped back, frames of every state should fill their own part of one round Gaussian, side by side and without gaps; ' +
            'the frames are in equal shares of the states, the Gaussian is not.',
          draw: (width) =>
            latentFigure(
              latent,
              result.states.map(({ name }) => name),
              width,
            ),
        },
    data.training.points.length < 3
      ? undefined
      : {
          name: 'losses',
          title: 'Training',
          caption: lossCaption(data),
          draw: (width) => lossFigure(data.training, width),
        },
    data.timeline.spans.length === 0
      ? undefined
      : {
          name: 'timeline',
          title: 'The run, phase by phase',
          caption: timelineCaption(data),
          draw: (width) => timelineFigure(data.timeline, width),
        },
    weights === null
      ? undefined
      : {
          name: 'weights',
          title: 'Importance weights',
          caption: weightsCaption(result, weights),
          draw: (width) => weightsFigure(weights, width),
        },
    {
      name: 'energies',
      title: 'Energies',
      caption: energiesCaption(data.energies),
      draw: (width) =>
        energiesFigure(data.energies, width, chainName(result), `${drawName(annealed.draws)}s`),
    },
    pairDistances === null
      ? undefined
      : {
          name: 'pair-distances',
          title: 'Pair distances',
          caption: pairDistancesCaption(pairDistances),
          draw: (width) =>
            pairDistancesFigure(
              pairDistances,
              {
                unit: units.length === 'reduced' ? null : units.length,
                draws: `${drawName(annealed.draws)}s`,
              },
              width,
            ),
        },
    {
      name: 'ledger',
      title: 'The bill',
      caption: ledgerCaption(data),
      draw: (width) => ledgerFigure(result, width),
    },
  ];
  return figures.filter((figure) => figure !== undefined);
}

function surfaceCaption({ freeEnergy, standardError }: SurfaceData): string {
  const errors = standardError
    .filter((error, cell) => error !== null && (freeEnergy[cell] ?? Infinity) < 5)
    .map((error) => error ?? 0)
    .sort((a, b) => a - b);
  const known =
    errors.length === 0
      ? ''
      : `; the standard error of a cell below 5 kT is ${significant(errors[Math.floor(errors.length / 2)], 2)} kT (median)`;
  return `What the chains gave, in steps of 1 kT above the lowest cell, and blank where no chain was${known}.`;
}

function moleculeCaption({ frames, steps, elements }: MoleculeFrames, result: Result): string {
  const which =
    (result.tempering?.ladder.length ?? 0) > 1 ? 'a chain of the first rung' : 'one chain';
  return (
    `${counted(elements.length, 'atom')}: ${counted(frames.length, 'frame')} of ${which}, evenly spaced among its ${counted(steps, 'record')} ` +
    'and each laid upon the first by the heavy atoms; on paper the first alone.'
  );
}

function traceCaption({ tempering }: Result): string {
  const waiting = 'molecular dynamics has to wait for the rare event.';
  if (tempering === null)
    return `A hybrid chain crosses between states in single steps; ${waiting}`;
  return tempering.ladder.length === 1
    ? 'A chain of local moves and molecular dynamics, both waiting for the rare event.'
    : `The first rung gets its crossings from the hot ones; ${waiting}`;
}

function profileCaption({ profile, result }: ReportData): string {
  if (profile.curves.some(({ source }) => source === 'known')) {
    return (
      'The estimates should lie on the known curve within the errors of both; below, the distance in standard errors for bins of ten effective counts or more' +
      `${profile.curves.some(({ source }) => source === 'other') ? ' (squares: what else is known)' : ''}.` +
      departures(result, profile)
    );
  }
  return profile.curves.some(({ source }) => source === 'exact')
    ? 'Both estimates should lie on the exact curve; below, the distance in standard errors for bins of ten effective counts or more, where about 19 of 20 points should lie in the grey band.'
    : result.tempering === null
      ? 'The chain and the reweighted draws are two estimates from different samples; their bands should overlap.'
      : 'What the chain of the first rung gives, with the standard error of each bin.';
}

/** How far each estimate is from the known profile at worst. */
function departures(result: Result, { coordinate, isAngle }: ReportData['profile']): string {
  // The result has the variable's own unit, which the axis of an angle has not.
  const where = (at: number): string =>
    `${plainLabel(coordinate)} = ${isAngle ? `${significant((180 / Math.PI) * at, 3)}°` : significant(at, 3)}`;
  const parts = (
    [
      [chainName(result), result.profile?.hybrid],
      ['reweighted draws', result.profile?.reweighted],
    ] as const
  ).flatMap(([name, found]) =>
    found === null || found === undefined
      ? []
      : [
          `${name} ${significant(found.largest.kT, 2)} kT (at ${where(found.largest.at)}) and ` +
            `${significant(found.mostSignificant.standardErrors, 2)} standard errors (at ${where(found.mostSignificant.at)})`,
        ],
  );
  return parts.length === 0 ? '' : ` Farthest from it: ${parts.join('; ')}.`;
}

function landscapeCaption({ jumps }: ReportData): string {
  if (jumps === null) return 'Molecular dynamics started in each state stays in its basin.';
  const total = jumps.accepted.length + jumps.rejected.length;
  return (
    'Molecular dynamics explores the basin it starts in; ' +
    `of ${total} flow moves made by as many chains in one step of production ${jumps.accepted.length} were accepted, ${jumps.accepted.filter(({ crosses }) => crosses).length} of them from one state to another.`
  );
}

function lossCaption({ training }: ReportData): string {
  const terms = new Set(training.points.map(({ term }) => term));
  const both = terms.has('example') && terms.has('energy');
  const skipped =
    training.skipped === 0
      ? ''
      : ` ${training.skipped} steps were skipped, their loss not being finite.`;
  return (
    (both
      ? 'By example teaches where the states are, by energy how much each configuration weighs; every curve should have levelled off where training ends.'
      : 'Every curve should have levelled off where training ends.') + skipped
  );
}

function timelineCaption({ timeline }: ReportData): string {
  const what =
    timeline.unit === 'seconds'
      ? 'What the time went into'
      : 'What the energy evaluations went into';
  if (timeline.acceptance.length + timeline.essFraction.length === 0) return `${what}.`;
  return timeline.acceptance.some(({ kind }) => kind === 'measured')
    ? `${what}; the acceptance measured in production should stay flat at what fresh draws promised, for the flow is frozen by then.`
    : `${what}, and how good the flow was found to be each time.`;
}

function weightsCaption({ reweighted }: Result, weights: WeightHistogram): string {
  const k =
    reweighted.paretoK === null ? 'has no estimate' : `is ${significant(reweighted.paretoK, 2)}`;
  const zero = weights.zero === 0 ? '' : `; ${weights.zero} draws have weight 0`;
  return (
    `A perfect flow has all its weights on the dashed line; here the Pareto k of the largest ${k} ` +
    `(trustworthy below about 0.7) and the effective sample size is ${percent(reweighted.essFraction)} of the draws${zero}.`
  );
}

function energiesCaption({ series }: EnergyHistograms): string {
  if (!series.some(({ source }) => source === 'flow')) {
    return 'Seeds start in equal shares of the states; the chain has them as they weigh.';
  }
  const { above = 0, refused = 0 } = series.find(({ source }) => source === 'flow') ?? {};
  const shares = [
    ...(above > 0 ? [`${percent(above)} lie beyond the axis`] : []),
    ...(refused > 0 ? [`${percent(refused)} were refused before their energy was asked`] : []),
  ];
  const beyond = shares.length === 0 ? '' : `, of which ${shares.join(' and ')}`;
  const top = 1.05 * tallest(series);
  const heavy = series.some(({ density }) => density.some((p) => p > top))
    ? ' Where the reweighted curve runs along the upper edge it is higher: few draws have most of the weight.'
    : '';
  return `The reweighted draws and the hybrid chain must coincide, for they sample the same distribution; what separates them from the raw draws${beyond}, is the flow's error.${heavy}`;
}

function ledgerCaption({ result }: ReportData): string {
  const { ledger } = result;
  const before = ledger.seeding + ledger.training + ledger.diagnostics;
  return (
    `${percent(ledger.total === 0 ? 0 : before / ledger.total, 0)} of the energy evaluations were spent before the first sample counted; ` +
    'everything that sampling needed is in these bars, the comparison with plain MD is not.'
  );
}

import type { CampaignContext } from './campaign.ts';

/** What decides whether a flow is good enough. Guards are plain predicates, tested as a truth table. */
export type Scores = Pick<CampaignContext, 'assessment' | 'targetEssFraction' | 'targetAcceptance'>;

/** The flow is good enough to be frozen. */
export const isGoodEnough = (c: Scores): boolean =>
  c.assessment !== undefined &&
  c.assessment.essFraction >= c.targetEssFraction &&
  c.assessment.acceptance >= c.targetAcceptance &&
  c.assessment.paretoK <= c.assessment.paretoLimit &&
  c.assessment.missingStates.length === 0;

/** No round of training is left. */
export const isSpent = (c: Pick<CampaignContext, 'round' | 'maxRounds'>): boolean =>
  c.round >= c.maxRounds;

/** The run has no flow. */
export const isFlowless = (c: Pick<CampaignContext, 'hasFlow'>): boolean => !c.hasFlow;

/** A trained model was brought along. */
export const hasModel = (c: Pick<CampaignContext, 'model'>): boolean => c.model !== undefined;

/** A figure missed its expectation. */
export const isMissed = (c: Pick<CampaignContext, 'missedChecks'>): boolean => c.missedChecks > 0;

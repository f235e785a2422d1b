import type { Ledger } from '../core/ledger.ts';
import type { Assessment } from './campaign.ts';

/** What a run says while it works; append-only, one JSON object each. */
export type RunEvent =
  | { readonly type: 'phase'; readonly phase: string; readonly round: number }
  | {
      readonly type: 'progress';
      readonly phase: string;
      readonly done: number;
      readonly total: number;
      /** The figure that matters now. */
      readonly figure: { readonly name: string; readonly value: number } | undefined;
    }
  | {
      readonly type: 'training';
      readonly round: number;
      readonly step: number;
      /** Unweighted losses; null where the step has no such term. */
      readonly example: number | null;
      readonly energy: number | null;
      readonly reactionCoordinate: number | null;
      readonly heldOut: number | null;
      readonly gradientNorm: number;
      readonly skipped: number;
    }
  | { readonly type: 'assessment'; readonly round: number; readonly assessment: Assessment }
  | {
      readonly type: 'heldOut';
      readonly round: number;
      /** Mean log q over held-out frames, by state. */
      readonly logLikelihood: Readonly<Record<string, number>>;
      /** Median of ln[p/q] over them, by state: see `StateCoverage`. */
      readonly logWeight: Readonly<Record<string, number>>;
    }
  | { readonly type: 'frozen'; readonly model: string; readonly fingerprint: string }
  | { readonly type: 'ledger'; readonly phase: string; readonly ledger: Ledger }
  /** A choice that the run made for itself, and why. */
  | { readonly type: 'decision'; readonly reason: string }
  | { readonly type: 'warning'; readonly message: string };

/** Takes the events of a run as they happen. */
export type Emit = (event: RunEvent) => void;

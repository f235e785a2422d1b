/** What a run is doing, as far as a person wants to know. */
export interface ProgressState {
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  /** Seconds since the phase began. */
  readonly seconds: number;
  readonly figure: { readonly name: string; readonly value: number } | undefined;
}

/** One line of progress: phase, bar, share, time left, and the figure that matters now. */
export function progressLine(state: ProgressState): string {
  const share = state.total > 0 ? Math.min(1, state.done / state.total) : 0;
  const filled = Math.round(share * 20);
  const bar = '█'.repeat(filled) + '░'.repeat(20 - filled);
  const left = share > 0.02 ? duration((state.seconds * (1 - share)) / share) : '…';
  const figure =
    state.figure === undefined ? '' : `  ${state.figure.name} ${state.figure.value.toPrecision(4)}`;
  const percent = `${Math.floor(share * 100)}%`.padStart(4);
  return `${phaseTitle(state.phase).padEnd(22)} ${bar} ${percent}  ${left} left${figure}`;
}

/** `trainingByEnergy` as people say it: `training by energy`. */
export function phaseTitle(phase: string): string {
  return phase.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Seconds in words: `8 s`, `2 min 05 s`, `3 h 12 min`. */
export function duration(seconds: number): string {
  if (seconds < 59.5) return `${seconds < 9.95 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

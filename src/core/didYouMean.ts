import { distance } from 'fastest-levenshtein';

/**
 * The candidate that `word` was probably meant to be, or nothing where none is near.
 *
 * Near is an edit distance of at most a third of the longer word, and at least one: `muller-brown`
 * finds `mueller-brown`, and `methane` finds nothing. Case is ignored; the first of equals wins.
 */
export function didYouMean(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let nearest = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const edits = distance(word.toLowerCase(), candidate.toLowerCase());
    const allowed = Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3));
    if (edits <= allowed && edits < nearest) {
      best = candidate;
      nearest = edits;
    }
  }
  return best;
}

import { describe, expect, it } from 'vitest';
import { checks, mutantNames, mutantTrials } from './mutantTrials.ts';

describe('the suite catches', () => {
  const caught = new Map<string, string>();

  it.each(mutantTrials)('$mutant, by $check', async ({ mutant, check, measure }) => {
    const { passes, catches } = checks[check];
    const sound = await measure(false);
    const faulty = await measure(true);
    expect(sound, 'without the mistake').toBeLessThan(passes);
    expect(faulty, 'with the mistake').toBeGreaterThan(catches);
    caught.set(
      `${mutant}, by ${check}`,
      `${sound.toPrecision(2)} without it, ${faulty.toPrecision(2)} with it`,
    );
  });

  it('every mutant of the list, and no other', () => {
    console.log([...caught].map(([what, numbers]) => `caught: ${what} (${numbers})`).join('\n'));
    const tried = mutantTrials.map(({ mutant }) => mutant);
    expect(new Set(tried)).toEqual(new Set(mutantNames));
    expect([...caught.keys()]).toEqual(
      mutantTrials.map(({ mutant, check }) => `${mutant}, by ${check}`),
    );
  });
});

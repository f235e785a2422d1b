import { describe, expect, it } from 'vitest';
import { hostileInputs } from './hostileInputs.ts';
import { temporaryFolders } from './temporaryFolder.ts';

describe('input from who knows where', () => {
  const folder = temporaryFolders();

  it('is read or refused by an error of ours, and changes no prototype', () => {
    const before = Object.getOwnPropertyNames(Object.prototype).sort();
    for (const { check } of hostileInputs(folder())) check(150, 11);
    expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(before);
    expect('polluted' in {}).toBe(false);
  });
});

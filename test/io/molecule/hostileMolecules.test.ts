import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../temporaryFolder.ts';
import { hostileMolecules } from './hostileMolecules.ts';

describe('files of molecules from who knows where', () => {
  const folder = temporaryFolders();

  it('are read, and have an energy, or are refused by an error of ours that names the file', () => {
    for (const { check } of hostileMolecules(folder())) check(12, 7);
    expect('polluted' in {}).toBe(false);
  });
});

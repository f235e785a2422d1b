import { describe, expect, it } from 'vitest';
import { plantedFaults } from './plantedFaults.ts';
import { quick } from './quick.ts';

describe.each(Object.entries(plantedFaults))('%s', (_, fault) => {
  it(`is named by "${fault.named}"`, () => {
    const check = quick(fault.make(), fault.options);
    const named = check.findings.find(({ name }) => name === fault.named);
    const others = check.findings.filter(({ status }) => status !== 'passed');
    expect(named?.status, JSON.stringify(others, null, 1)).toBe(fault.as);
    expect(named?.message).toMatch(fault.saying);
    expect(check.passed).toBe(fault.as !== 'failed');
  });
});

it.each([
  'an argument that is written to',
  'a result array that is used again',
  'rows that depend on each other',
])('%s is named once, and disturbs no other finding', (name) => {
  const { make, named } = plantedFaults[name];
  const { findings } = quick(make());
  const failed = findings.filter(({ status }) => status === 'failed').map((one) => one.name);
  expect(failed).toEqual([named]);
  expect(findings.find((one) => one.name === 'energy conservation')?.figures['order']).toBeCloseTo(
    2,
    1,
  );
});

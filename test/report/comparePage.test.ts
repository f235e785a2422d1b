import { describe, expect, it } from 'vitest';
import { buildCompareReport } from '../../src/report/comparePage.ts';
import { syntheticComparison } from './syntheticComparison.ts';

const comparison = syntheticComparison();
const page = buildCompareReport(comparison).html;

/** The cells of the row whose first cell is `name`. */
function row(source: string, name: string): string[] {
  const line = [...source.matchAll(/<tr[^>]*>([\s\S]*?)<\/tr>/g)].find(([, cells]) =>
    cells.includes(`<th scope="row" class="">${name}</th>`),
  );
  return [...(line?.[1] ?? '').matchAll(/<td[^>]*>([\s\S]*?)<\/td>/g)].map(([, cell]) =>
    cell.replace(/<[^>]+>/g, ' ').trim(),
  );
}

describe('the page of a comparison', () => {
  it('says who wins before anything else', () => {
    const answer = page.indexOf(comparison.winner.sentence);
    expect(answer).toBeGreaterThan(0);
    expect(answer).toBeLessThan(page.indexOf('<table'));
  });

  it('has a column a method, and says where one never reached the tolerance', () => {
    const columns = [...page.matchAll(/<th scope="col"[^>]*>([^<]*)</g)].map(([, name]) => name);
    expect(columns.slice(1, 5)).toEqual([
      'plain MD',
      'parallel tempering',
      'flow, reweighted',
      'hybrid',
    ]);
    const cost = row(page, 'evaluations to 0.1 kT');
    expect(cost[0]).toBe('not reached');
    // 1.6 and 1.8 million in two of three seeds.
    expect(cost[1]).toContain('1.8\u00a0M');
    expect(cost[1]).toContain('1.6\u00a0M – …');
  });

  it('never shows a factor in evaluations without the one in seconds', () => {
    expect(row(page, 'parallel tempering')).toEqual(['× 1.3', '× 0.064']);
    expect(row(page, 'plain MD')).toEqual(['never', 'never']);
  });

  it('has the error against the budget, the cost and the efficiency as figures and as files', () => {
    const names = buildCompareReport(comparison).figures.map(({ name }) => name);
    expect(names).toEqual(['error', 'cost', 'efficiency']);
    for (const name of names) expect(page).toContain(`<figure id="${name}">`);
  });

  it('shows no error where no reference is known', () => {
    const unknown = buildCompareReport({
      ...comparison,
      reference: null,
      winner: { ...comparison.winner, method: null, methodInSeconds: null, factors: {} },
    });
    expect(unknown.figures.map(({ name }) => name)).toEqual(['efficiency']);
    expect(unknown.html).toContain('No reference is known');
    expect(unknown.html).not.toContain('By what factor');
  });

  it('leaves out methods that were not run', () => {
    const { md, hybrid } = comparison.methods;
    if (md === undefined || hybrid === undefined) throw new Error('both are in the comparison');
    const two = buildCompareReport({ ...comparison, methods: { md, hybrid } }).html;
    expect(two).not.toContain('parallel tempering');
    expect(row(two, 'transitions').length).toBe(2);
  });

  it('tells of every seed why its figure is withheld', () => {
    expect(page).toContain('Seed 1: withheld: too few transitions');
  });

  it('asks for nothing', () => {
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|<script/);
  });
});

#!/usr/bin/env node
// Prints "N passed, N failed" from a report of vitest's JSON reporter, and fails where a test or a
// whole file failed, or where nothing ran at all.
import { readFileSync } from 'node:fs';

/** A file that could not even be loaded has no tests to count: it counts as one that failed. */
function count(/** @type {string} */ text) {
  if (text === '') return { passed: 0, failed: 1 };
  const report = JSON.parse(text);
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((t) => t.status !== 'failed'),
  ).length;
  return { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles };
}

const { passed, failed } = count(readFileSync(process.argv[2], 'utf8'));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

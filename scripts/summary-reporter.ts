import type { Reporter, TestModule } from 'vitest/node';

/**
 * Ends a run with one line that people and machines can read: `N passed, N failed`, and `, N skipped` when there
 * are any. A file that could not be loaded and an error outside every test count as failures too.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(testModules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of testModules) {
      let failedInModule = 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') count.passed += 1;
        else if (state === 'failed') failedInModule += 1;
        else count.skipped += 1;
      }
      if (failedInModule === 0 && module.state() === 'failed') failedInModule = 1;
      count.failed += failedInModule;
    }
    // A run that was asked for tests and found none has not passed.
    if (count.passed + count.failed + count.skipped === 0) count.failed = 1;
    const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : '';
    // The other reporters write their summaries in the same turn; this line has to come after them.
    process.once('exit', () => console.log(`${count.passed} passed, ${count.failed} failed${skipped}`));
  }
}

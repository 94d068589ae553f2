/** A Jest reporter whose only job is the closing line that scripts read: `N passed, N failed`. */
module.exports = class ClosingLine {
  onRunComplete(_contexts, results) {
    const broken = results.testResults.filter((file) => file.testExecError).length;
    const skipped = results.numPendingTests + results.numTodoTests;
    process.on('exit', () => {
      process.stdout.write(
        `${results.numPassedTests} passed, ${results.numFailedTests + broken} failed${skipped ? `, ${skipped} skipped` : ''}\n`,
      );
    });
  }
};

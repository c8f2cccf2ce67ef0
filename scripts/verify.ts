import { spawnSync } from 'node:child_process';
import { projectRoot } from './tool.ts';

/** Cheap gates first, so that a slip is reported within seconds; the tests come last and print the count. */
const gates = [
  'check:types',
  'lint',
  'format:check',
  'check:deps',
  'check:dead',
  'check:results',
  'build',
  'check:package',
  'test',
];

for (const gate of gates) {
  const started = performance.now();
  console.log(`\n== ${gate}`);
  const { status } = spawnSync('npm', ['run', '--silent', gate], { cwd: projectRoot, stdio: 'inherit' });
  if (status !== 0) {
    // The tests have printed their own count.
    if (gate !== 'test') console.log(`\n${gate} failed, the gates after it did not run\n0 passed, 1 failed`);
    process.exitCode = 1;
    break;
  }
  if (gate !== 'test') console.log(`   ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

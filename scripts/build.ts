import { existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { conclude, projectRoot, runTool } from './tool.ts';

// A file that was renamed must not live on in the package.
rmSync(join(projectRoot, 'dist'), { recursive: true, force: true });
const { status } = runTool('tsc', ['-p', 'tsconfig.json']);

const modules = globSync('dist/**/*.js', { cwd: projectRoot });
const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  exports: Record<string, string | Record<string, string>>;
  bin: Record<string, string>;
};
const exported = Object.values(manifest.exports).flatMap((target) =>
  typeof target === 'string' ? [target] : Object.values(target),
);
const targets = [...exported, ...Object.values(manifest.bin)];
const missing = targets.filter((target) => !existsSync(join(projectRoot, target)));
for (const target of missing) console.error(`package.json names ${target}, which the build did not produce`);

conclude('build', { count: modules.length, of: 'modules' }, status === 0 && missing.length === 0);

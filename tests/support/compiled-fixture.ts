import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll } from 'vitest';
import { projectRoot, runTool } from '../../scripts/tool.ts';

/**
 * A way to load a fixture as the compiler of TypeScript makes it, under either meaning of decorators; types that do not
 * fit fail it. What is made is removed when the suite ends.
 */
export function compiledFixture<Fixture>(source: string) {
  const temporary = join(projectRoot, '.tmp');
  mkdirSync(temporary, { recursive: true });
  const folder = mkdtempSync(join(temporary, 'decorators-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  return (name: string, experimentalDecorators: boolean): Promise<Fixture> => {
    const project = join(folder, `${name}.json`);
    const outDir = join(folder, name);
    writeFileSync(
      project,
      JSON.stringify({
        extends: join(projectRoot, 'tsconfig.json'),
        compilerOptions: {
          experimentalDecorators,
          rootDir: projectRoot,
          outDir,
          declaration: false,
          declarationMap: false,
        },
        include: [join(projectRoot, source)],
      }),
    );
    const { status, output } = runTool('tsc', ['-p', project], { quiet: true });
    if (status !== 0) throw new Error(output);
    return import(pathToFileURL(join(outDir, source.replace(/ts$/, 'js'))).href) as Promise<Fixture>;
  };
}

import { join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import { conclude, projectRoot } from './tool.ts';

export interface Violation {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

export interface DependencyReport {
  readonly modules: number;
  readonly dependencies: number;
  readonly violations: readonly Violation[];
}

/** Applies the project's dependency rules to the `src` folder inside `baseDir`. */
export async function checkDependencies(baseDir: string): Promise<DependencyReport> {
  const { enhancedResolveOptions, ...options } = await extractDepcruiseOptions(
    join(projectRoot, '.dependency-cruiser.cjs'),
  );
  const { output } = await cruise(['src'], { ...options, baseDir, validate: true }, enhancedResolveOptions);
  const { modules, summary } = output as ICruiseResult;
  const own = modules.filter(({ source }) => source.startsWith('src/'));
  return {
    modules: own.length,
    dependencies: own.reduce((count, module) => count + module.dependencies.length, 0),
    violations: summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
  };
}

if (import.meta.main) {
  const { modules, dependencies, violations } = await checkDependencies(projectRoot);
  for (const { rule, from, to } of violations) console.error(`${rule}: ${from} -> ${to}`);
  conclude(
    'check:deps',
    { count: modules, of: `modules with ${dependencies} dependencies` },
    dependencies > 0 && violations.length === 0,
  );
}

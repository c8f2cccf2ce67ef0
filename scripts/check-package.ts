import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot, runTool, type ToolRun } from './tool.ts';

/**
 * Tries the package the way a host meets it: packed, installed from the tarball into an empty folder, type-checked
 * against, and imported by the oldest supported Node and by the current one.
 */

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as Manifest;
const runtimes = {
  'Node 24': join(projectRoot, 'node_modules/node/bin/node'),
  'Node 22': join(projectRoot, 'node_modules/node-22/bin/node'),
};
const entryPoints = Object.keys(manifest.exports)
  .filter((subpath) => !subpath.endsWith('.json'))
  .map((subpath) => manifest.name + subpath.slice(1));
const peers = Object.keys(manifest.peerDependencies);
const optionalPeers = peers.filter((name) => manifest.peerDependenciesMeta[name]?.optional === true);
const requiredPeers = peers.filter((name) => !optionalPeers.includes(name));

const failures: string[] = [];
const counts = { files: 0, imports: 0, commandLines: 0, smokeRuns: 0 };

function must(what: string, run: ToolRun): boolean {
  if (run.status === 0) return true;
  failures.push(what);
  console.error(`${what} failed:\n${run.output}`);
  return false;
}

/** The version the project is developed against: a host that follows the README installs the same. */
const exact = (name: string): string =>
  `${name}@${manifest.devDependencies[name] ?? manifest.peerDependencies[name]}`;

function install(host: string, packages: readonly string[]): boolean {
  const args = [
    'install',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    '--save-exact',
    '--loglevel=error',
    ...packages,
  ];
  return must(`npm install of ${packages.length} packages`, runTool('npm', args, { cwd: host, quiet: true }));
}

function importEverywhere(host: string, specifiers: readonly string[]): void {
  for (const [runtime, node] of Object.entries(runtimes)) {
    for (const specifier of specifiers) {
      const code = `const names = Object.keys(await import('${specifier}')); if (names.length === 0) throw new Error('exports nothing');`;
      const run = runTool(node, ['--input-type=module', '--eval', code], { cwd: host, quiet: true });
      if (must(`import of ${specifier} under ${runtime}`, run)) counts.imports += 1;
    }
  }
}

/** Without the optional peers the main entry point loads, and an entry point that needs one says which is missing. */
function checkWithoutOptionalPeers(host: string): void {
  for (const name of ['tsyringe', 'reflect-metadata', '@mikro-orm/pglite']) {
    if (existsSync(join(host, 'node_modules', name)))
      failures.push(`${name} was installed although nobody asked for it`);
  }
  importEverywhere(host, [manifest.name]);
  const run = runTool(
    runtimes['Node 24'],
    ['--input-type=module', '--eval', `await import('${manifest.name}/di')`],
    {
      cwd: host,
      quiet: true,
    },
  );
  if (run.status === 0 || !/Cannot find package '(tsyringe|reflect-metadata)'/.test(run.output)) {
    failures.push(`${manifest.name}/di did not ask for its missing peers`);
    console.error(run.output);
  }
}

/** The command is linked where the host's scripts find it, and needs no optional peer. */
function checkCommandLine(host: string): void {
  for (const name of Object.keys(manifest.bin)) {
    const command = join(host, 'node_modules/.bin', name);
    const linked = existsSync(command) && readFileSync(command, 'utf8').startsWith('#!/usr/bin/env node\n');
    if (!linked) failures.push(`${name} is not linked, or does not begin with its shebang`);
    for (const [runtime, node] of Object.entries(runtimes)) {
      const run = runTool(node, [command, '--version'], { cwd: host, quiet: true });
      if (!must(`${name} --version under ${runtime}`, run)) continue;
      if (run.output.trim() === manifest.version) counts.commandLines += 1;
      else failures.push(`${name} --version under ${runtime} printed ${run.output}`);
    }
  }
}

/** A strict TypeScript host sees declarations behind every entry point. */
function checkTypesOf(host: string): void {
  const lines = entryPoints.map((specifier, index) => `import * as entry${index} from '${specifier}';`);
  // A declaration that could not be found would be `any`, to which every type can be assigned.
  const proofs = entryPoints.map(
    (_, index) => `export const proof${index}: IsAny<typeof entry${index}> = false;`,
  );
  writeFileSync(
    join(host, 'host.mts'),
    [...lines, 'type IsAny<T> = 0 extends 1 & T ? true : false;', ...proofs, ''].join('\n'),
  );
  const flags = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2023', '--module', 'nodenext'];
  must(
    'type check of a host',
    runTool('tsc', [...flags, '--lib', 'es2023,esnext.disposable', '--types', '', 'host.mts'], {
      cwd: host,
      quiet: true,
    }),
  );
}

function runSmoke(host: string): void {
  const smoke = join(projectRoot, 'scripts/package-smoke.mjs');
  if (!existsSync(smoke)) return;
  cpSync(smoke, join(host, 'package-smoke.mjs'));
  for (const [runtime, node] of Object.entries(runtimes)) {
    const run = runTool(node, ['package-smoke.mjs'], { cwd: host, quiet: true });
    if (must(`smoke script under ${runtime}`, run)) counts.smokeRuns += 1;
  }
}

function checkPackage(folder: string): void {
  const packed = runTool('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    quiet: true,
  });
  if (!must('npm pack', packed)) return;
  const [details] = JSON.parse(packed.output.slice(packed.output.indexOf('['))) as [
    { filename: string; files: { path: string }[] },
  ];
  counts.files = details.files.filter(({ path }) => path.startsWith('dist/')).length;
  const tarball = join(folder, details.filename);

  must('publint', runTool('publint', ['--strict', tarball], { quiet: true }));
  must('attw', runTool('attw', [tarball, '--profile', 'esm-only'], { quiet: true }));

  const host = mkdtempSync(join(folder, 'host-'));
  writeFileSync(
    join(host, 'package.json'),
    JSON.stringify({ name: 'host', private: true, type: 'module', overrides: manifest.overrides }),
  );
  if (!install(host, [tarball, ...requiredPeers.map(exact)])) return;
  checkWithoutOptionalPeers(host);
  checkCommandLine(host);
  if (!install(host, optionalPeers.map(exact))) return;
  importEverywhere(host, entryPoints);
  checkTypesOf(host);
  runSmoke(host);
}

const folder = mkdtempSync(join(tmpdir(), 'slotwise-package-'));
try {
  checkPackage(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const passed = failures.length === 0 && counts.files > 0 && counts.imports > 0;
for (const failure of failures) console.error(`- ${failure}`);
console.log(
  `check:package: ${counts.files} built files, ${entryPoints.length} entry points, ${counts.imports} imports, ` +
    `${counts.commandLines} command lines, ${counts.smokeRuns} smoke runs, ${passed ? 'ok' : 'failed'}`,
);
if (!passed) process.exitCode = 1;

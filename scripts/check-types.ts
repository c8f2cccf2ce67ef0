import { conclude, runTool } from './tool.ts';

const version = runTool('tsc', ['--version'], { quiet: true }).output.trim();
const { status, output } = runTool('tsc', ['-p', 'tsconfig.test.json', '--listFiles'], { quiet: true });

const files: string[] = [];
const messages: string[] = [];
for (const line of output.split('\n')) {
  if (/^(\/|[A-Za-z]:).*\.[cm]?ts$/.test(line)) files.push(line);
  else messages.push(line);
}
const own = files.filter((file) => !file.includes('/node_modules/'));

process.stdout.write(messages.join('\n').trimStart());
// A dependency can put another compiler under the name `tsc`; then the flags would be checked by the wrong one.
const expectedCompiler = version.startsWith('Version 7.');
if (!expectedCompiler) console.error(`tsc is "${version}", expected TypeScript 7`);
conclude('check:types', { count: own.length, of: 'files' }, status === 0 && expectedCompiler);

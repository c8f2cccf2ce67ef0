import { conclude, runTool } from './tool.ts';

const { status, output } = runTool('oxfmt', ['--check']);
const files = Number(/ on (\d+) files?/.exec(output)?.[1] ?? 0);
conclude('format:check', { count: files, of: 'files' }, status === 0);

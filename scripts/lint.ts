import { conclude, runTool } from './tool.ts';

const { status, output } = runTool('oxlint', ['--deny-warnings', '--report-unused-disable-directives']);
const files = Number(/ on (\d+) files?/.exec(output)?.[1] ?? 0);
conclude('lint', { count: files, of: 'files' }, status === 0);

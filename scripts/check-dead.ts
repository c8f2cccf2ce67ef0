import { conclude, runTool } from './tool.ts';

const { status, output } = runTool('knip', [
  '--reporter',
  'symbols',
  '--reporter',
  './scripts/knip-counter.ts',
]);
const files = Number(/knip analysed (\d+) of/.exec(output)?.[1] ?? 0);
conclude('check:dead', { count: files, of: 'files' }, status === 0);

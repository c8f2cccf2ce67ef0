import { maintenanceCommand } from '../maintenance.ts';

export const analyze = maintenanceCommand({
  name: 'analyze',
  summary: 'have PostgreSQL learn anew what the tables hold',
  done: 'Analyzed',
  run: (sdk, options) => sdk.diagnostics.analyze(options),
});

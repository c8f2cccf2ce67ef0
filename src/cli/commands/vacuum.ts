import { maintenanceCommand } from '../maintenance.ts';

export const vacuum = maintenanceCommand({
  name: 'vacuum',
  summary: 'make room in the tables where rows were changed or removed',
  done: 'Vacuumed',
  run: (sdk, options) => sdk.diagnostics.vacuum(options),
});

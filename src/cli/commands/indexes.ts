import { defineCommand } from '../command.ts';
import { bytes, table } from '../text.ts';

export const indexes = defineCommand({
  name: 'indexes',
  summary: 'list the indexes there are and should be, with size and use',
  details: 'Changes nothing. Scans are counted since the statistics of the database began.',
  run: ({ open }) =>
    open()
      .andThen((sdk) => sdk.diagnostics.indexes())
      .map((found) => ({
        data: { indexes: found },
        text: table([
          ['table', 'index', 'state', 'declared', 'size', 'scans'],
          ...found.map((one) => [
            one.table,
            one.name,
            one.state,
            one.declared ? 'yes' : 'no',
            bytes(one.bytes),
            one.scans,
          ]),
        ]),
      })),
});

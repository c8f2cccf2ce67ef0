import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { removals } from './removals.ts';

// To be loaded before the scenarios (`--import`): takes the rule that REMOVED_RULE names out of the engine while its
// source is being loaded. Without the variable nothing is taken out.

const wanted = process.env['REMOVED_RULE'];
if (wanted !== undefined) remove(wanted);

function remove(name: string): void {
  const removal = removals.find((one) => one.name === name);
  if (removal === undefined) throw new Error(`there is no removal "${name}"`);
  const left = new Set(removal.edits);
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const edits = removal.edits.filter(({ file }) => url.endsWith(`/src/${file}`));
      if (edits.length === 0) return loaded;
      let source = readFileSync(fileURLToPath(url), 'utf8');
      for (const edit of edits) {
        const places = source.split(edit.find).length - 1;
        if (places !== 1)
          throw new Error(`${edit.file} has ${places} places, not one, that read\n${edit.find}`);
        source = source.replace(edit.find, () => edit.replace);
        left.delete(edit);
      }
      return { ...loaded, source };
    },
  });
  process.once('exit', () => {
    const [missed] = left;
    if (missed === undefined) return;
    console.error(`${missed.file} was never loaded`);
    process.exitCode = 3;
  });
}

/** The SDK in a tsyringe container. `slotwise/di` brings the metadata polyfill, so it is imported before tsyringe. */
import { registerSlotwise, resolve, tokens } from '../src/di.ts';
import assert from 'node:assert/strict';
import { container } from 'tsyringe';
import { createSlotwise, type CityReader, type SlotReader } from '../src/index.ts';
import { orThrow } from './support/or-throw.ts';
import { seedBerlin } from './support/seed-berlin.ts';

/** Depends on readers, not on the SDK; in a code base with decorators: `@inject(tokens.cities) cities: CityReader`. */
class Noticeboard {
  readonly #cities: CityReader;
  readonly #slots: SlotReader;

  constructor(cities: CityReader, slots: SlotReader) {
    this.#cities = cities;
    this.#slots = slots;
  }

  async lines(): Promise<readonly string[]> {
    const lines: string[] = [];
    for (const city of orThrow(await this.#cities.getActive())) {
      const free = orThrow(await this.#slots.getFreeForCity(city.id));
      lines.push(`${city.name}: ${free.length} free slots`);
    }
    return lines;
  }
}

const sdk = orThrow(await createSlotwise());
orThrow(await sdk.migrate());
await seedBerlin(sdk);

// #region tsyringe
registerSlotwise(container, sdk);
container.register(Noticeboard, {
  useFactory: (own) => new Noticeboard(resolve(own, tokens.cities), resolve(own, tokens.slots)),
});
// #endregion

const lines = await container.resolve(Noticeboard).lines();
console.log(lines.join('\n'));
assert.deepEqual(lines, ['Berlin: 3 free slots']);
assert.equal(resolve(container, tokens.slotwise), sdk);
// The container only hands things out: whoever opened the SDK closes it.
orThrow(await sdk.close());

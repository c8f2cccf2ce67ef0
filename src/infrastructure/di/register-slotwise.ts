import type { DependencyContainer } from 'tsyringe';
import type { Slotwise } from '../slotwise.ts';
import { tokens, type Token } from './tokens.ts';

/**
 * Registers the parts of an SDK in the host's container, child containers included. The container only hands them out:
 * their life belongs to the SDK, which the host closes. Registering another SDK in the same container replaces this one.
 */
export function registerSlotwise(container: DependencyContainer, sdk: Slotwise): void {
  const provide = <T>(token: Token<T>, part: (sdk: Slotwise) => T): void => {
    container.register<T>(token, { useFactory: () => part(sdk) });
  };
  provide(tokens.slotwise, (slotwise) => slotwise);
  provide(tokens.recruiters, ({ read }) => read.recruiters);
  provide(tokens.cities, ({ read }) => read.cities);
  provide(tokens.slots, ({ read }) => read.slots);
  provide(tokens.candidates, ({ read }) => read.candidates);
  provide(tokens.templates, ({ read }) => read.templates);
  provide(tokens.slotUseCases, ({ slots }) => slots);
  provide(tokens.bookingUseCases, ({ booking }) => booking);
  provide(tokens.candidateUseCases, ({ candidates }) => candidates);
  provide(tokens.templateUseCases, ({ templates }) => templates);
  provide(tokens.validate, ({ validate }) => validate);
  provide(tokens.transaction, ({ transaction }) => transaction);
  provide(tokens.unitOfWork, (slotwise) => (options) => slotwise.unitOfWork(options));
  provide(tokens.cache, ({ cache }) => cache);
}

/** `container.resolve` with the type the token remembers; throws, as tsyringe does, when nothing is registered. */
export const resolve = <T>(container: DependencyContainer, token: Token<T>): T => container.resolve<T>(token);

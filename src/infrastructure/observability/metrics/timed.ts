import type { AnyMethod } from '../../host-cache/decorate-method.ts';
import { aroundMethod } from '../../host-cache/decorate-method.ts';
import type { Metrics } from './metrics.ts';

type Measuring = Pick<Metrics, 'measure'>;

export interface TimedOptions<Self> {
  /** The metrics, or a function that finds them; the property `metrics` of the object when left out. */
  readonly metrics?: Measuring | ((self: Self) => Measuring);
}

/** A decorator of any method, under the standard's meaning and under that of `experimentalDecorators`. */
export interface TimedDecorator<Self> {
  <This extends Self, M extends AnyMethod>(method: M, context: ClassMethodDecoratorContext<This>): M;
  <M extends AnyMethod>(target: Self, name: string | symbol, descriptor: TypedPropertyDescriptor<M>): void;
}

/**
 * Times every call of a method as `metrics.measure` does: `@timed('getUsers')`. The answer is what the method answers; an
 * `Err`, a rejection and a throw count as failed. An object without metrics works as if it were not decorated.
 *
 * Throws a `TypeError` on anything but a method.
 */
export const timed = <Self>(
  name: string,
  { metrics }: TimedOptions<Self> = {},
): TimedDecorator<NoInfer<Self>> =>
  aroundMethod(({ self }, proceed) => {
    const found = typeof metrics === 'function' ? metrics(self as Self) : (metrics ?? metricsOf(self));
    return found === undefined ? proceed() : found.measure(name, proceed);
  }) as TimedDecorator<Self>;

function metricsOf(self: unknown): Measuring | undefined {
  const { metrics } = (self ?? {}) as { readonly metrics?: Partial<Measuring> };
  return typeof metrics?.measure === 'function' ? (metrics as Measuring) : undefined;
}

import type { Result, ResultAsync } from 'neverthrow';
import type { Call } from './call.ts';

export type AnyMethod = (this: never, ...args: never) => unknown;

/** A method that answers a `Result` some time, and whose first arguments the functions of a policy take. */
type Fitting<M extends AnyMethod, Args extends unknown[]> = M &
  (AnswersResult<M> extends true
    ? Parameters<M> extends [...Args, ...unknown[]]
      ? unknown
      : 'the functions of the policy take other arguments than the method'
    : 'the method does not answer a Result');

/** By inference: a `ResultAsync` of known types is not assignable to a promise of a result of unknown ones. */
export type AnswersResult<M extends AnyMethod> =
  ReturnType<M> extends PromiseLike<Result<infer T, infer E>>
    ? [T, E] extends unknown[]
      ? true
      : false
    : false;

/** A decorator of methods, under the standard's meaning and under that of `experimentalDecorators`. */
export interface AsyncMethodDecorator<Self, Args extends unknown[]> {
  <This extends Self, M extends AnyMethod>(
    method: Fitting<M, Args>,
    context: ClassMethodDecoratorContext<This>,
  ): M;
  <M extends AnyMethod>(
    target: Self,
    name: string | symbol,
    descriptor: TypedPropertyDescriptor<Fitting<M, Args>>,
  ): void;
}

/** Does something around a call; `proceed` makes it. */
export type Around = (
  call: Call,
  proceed: () => PromiseLike<Result<unknown, unknown>>,
) => ResultAsync<unknown, unknown>;

/** The same around any function: who wrote it knows what that answers. */
type AroundAny = (call: Call, proceed: () => never) => unknown;

type Callable = (this: unknown, ...args: unknown[]) => unknown;

/** Throws a `TypeError` on anything but a method. */
export const decorateMethod = <Self, Args extends unknown[]>(
  around: Around,
): AsyncMethodDecorator<Self, Args> => aroundMethod(around) as AsyncMethodDecorator<Self, Args>;

/** The decorator itself, whose meaning its caller gives a type. Throws a `TypeError` on anything but a method. */
export const aroundMethod =
  (around: AroundAny) =>
  (first: unknown, second: unknown, descriptor?: PropertyDescriptor): unknown => {
    if (isContext(second)) return surrounded(methodIn(first, second.kind === 'method'), around);
    const method = methodIn(descriptor?.value, true);
    return { ...descriptor, value: surrounded(method, around) };
  };

/** The standard hands over the method and a description; the older meaning a class, a name and a property. */
const isContext = (value: unknown): value is { readonly kind: string } =>
  typeof value === 'object' && value !== null && 'kind' in value;

function methodIn(value: unknown, isMethod: boolean): Callable {
  if (isMethod && typeof value === 'function') return value as Callable;
  throw new TypeError('only methods can be decorated');
}

/** The same function, with something around it. One that was `async` still answers a promise. */
export function surrounded(method: Callable, around: AroundAny): Callable {
  const isAsync = Object.prototype.toString.call(method) === '[object AsyncFunction]';
  const wrapper: Callable = function call(this: unknown, ...args) {
    const answer = around({ self: this, args }, () => method.apply(this, args) as never);
    return isAsync ? Promise.resolve(answer) : answer;
  };
  return Object.defineProperties(wrapper, {
    name: { value: method.name, configurable: true },
    length: { value: method.length, configurable: true },
  });
}

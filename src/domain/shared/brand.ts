declare const brand: unique symbol;

/** A primitive that the compiler keeps apart from other primitives of the same kind; free at run time. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** What callers may pass where a branded value is wanted: the branded value, or a plain one that is validated. */
export type Unbranded<T> = T & { readonly [brand]?: never };

/**
 * A function that remembers its last answer, and gives it again to the same arguments: for what takes long
 * and is asked for anew whenever a screen is opened.
 */
export function lastOf<A extends readonly unknown[], R>(make: (...of: A) => R): (...of: A) => R {
  let last: { of: A; made: R } | null = null;
  return (...of) => {
    if (last === null || of.some((one, at) => one !== last?.of[at]))
      last = { of, made: make(...of) };
    return last.made;
  };
}

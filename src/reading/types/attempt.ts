/** The value of a function, or undefined if it throws a RangeError, as Temporal does for 2020-02-30. */
export function attempt<Value>(make: () => Value): Value | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

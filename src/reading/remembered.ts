/**
 * Remembers the last results of something slow. A flow that is planned again, as a guess was too narrow, opens
 * its sources again: what came from elsewhere is here already, and standard input can be read once only.
 */
export function remembered<Result>(
  size: number,
): (key: readonly unknown[], make: () => Promise<Result>) => Promise<Result> {
  const known = new Map<string, Promise<Result>>();
  return (parts, make) => {
    const key = JSON.stringify(parts);
    const before = known.get(key);
    if (before) return before;
    const result = make();
    known.set(key, result);
    result.catch(() => known.delete(key));
    const [oldest] = known.keys();
    if (known.size > size && oldest !== undefined) known.delete(oldest);
    return result;
  };
}

/** A test whether a text is one of those that mean no value. */
export function missingTest(texts: readonly string[]): (cell: string) => boolean {
  if (texts.length === 1) return (cell) => cell === texts[0];
  const all = new Set(texts);
  return (cell) => all.has(cell);
}

/**
 * Names for columns from the cells of a header: blanks trimmed, line breaks become spaces, NUL bytes are left out; an
 * empty cell at place N is called `field<N>`; a name that was there before, in any case, as the engine knows none, gets
 * the number of its occurrence (`name2`), or the next number that is free.
 */
export function columnNames(labels: readonly string[], width: number): string[] {
  const taken = new Set<string>();
  return Array.from({ length: Math.max(width, labels.length) }, (_, i) => {
    const base = plain(labels[i] ?? "") || `field${i + 1}`;
    let name = base;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${base}${n}`;
    taken.add(name.toLowerCase());
    return name;
  });
}

const plain = (label: string) =>
  label
    .replaceAll("\0", "")
    .replace(/\s*[\r\n]+\s*/g, " ")
    .trim();

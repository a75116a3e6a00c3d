/** A sentence of the factory; what stands between backticks is code. */
export function Prose({ text }: { readonly text: string }) {
  return text.split("`").map((part, index, parts) => {
    // An odd number of backticks leaves the last one as it is.
    const isCode = index % 2 === 1 && index < parts.length - 1;
    if (!isCode) return index % 2 === 1 ? `\`${part}` : part;
    // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name than their place
    return <code key={index}>{part}</code>;
  });
}

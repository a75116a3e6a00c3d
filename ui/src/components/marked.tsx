/** A text with every occurrence of another one marked, whatever its case. */
export function Marked({ text, mark }: { readonly text: string; readonly mark: string }) {
  if (mark === "") return text;
  const parts = splitAt(text, mark);
  return parts.map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name than their place
      <mark key={index}>{part}</mark>
    ) : (
      part
    ),
  );
}

function splitAt(text: string, mark: string): readonly string[] {
  const escaped = mark.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return text.split(new RegExp(`(${escaped})`, "gi"));
}

/** A text with each `%XX` decoded; as it is, if that is not valid. */
export function decodePercents(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

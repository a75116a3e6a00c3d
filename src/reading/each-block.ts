import type { RecordScanner } from "./record-scanner.ts";

/**
 * Feeds the scanner with blocks that begin at a record. What a block holds of an unfinished record is put
 * before the next; a record over many chunks is tried again only when the data have doubled. `use` ends
 * the reading by saying `stop`.
 */
export async function eachBlock(
  source: AsyncIterable<Buffer>,
  scanner: RecordScanner,
  // biome-ignore lint/suspicious/noConfusingVoidType: most readers read to the end and say nothing
  use: (data: Buffer) => Promise<"stop" | void>,
): Promise<void> {
  let rest: Buffer[] = [];
  let size = 0;
  let wanted = 0;
  const give = async (data: Buffer, final: boolean) => {
    scanner.feed(data, final);
    if ((await use(data)) === "stop") return true;
    const unfinished = data.subarray(scanner.taken);
    rest = unfinished.length > 0 ? [unfinished] : [];
    size = unfinished.length;
    wanted = size * 2;
    return false;
  };
  for await (const chunk of source) {
    rest.push(chunk);
    size += chunk.length;
    if (size < wanted) continue;
    if (await give(rest.length === 1 ? chunk : Buffer.concat(rest), false)) return;
  }
  while (size > 0) if (await give(Buffer.concat(rest), true)) return;
}

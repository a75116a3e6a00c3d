import type { Readable } from "node:stream";

/**
 * A stream of Node as one of the web. A reader who leaves, be it before the first byte, destroys the source
 * without a word; `Readable.toWeb` would make an error of it, which the server prints.
 */
export function webStream(content: Readable): ReadableStream<Uint8Array> {
  const chunks = content[Symbol.asyncIterator]();
  return new ReadableStream(
    {
      pull: async (controller) => {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: () => void content.destroy(),
    },
    { highWaterMark: 0 },
  );
}

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { constants, deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../test/library/temporary-folder.ts";
import { zipOf } from "./formats/grid-testing.ts";
import { openZip } from "./zip-archive.ts";

/** Opens the archive and reads its file `a`. */
async function read(bytes: Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), "a.zip");
  await writeFile(path, bytes);
  const archive = await openZip(path, "a.zip");
  try {
    const entry = archive.entries.get("a");
    if (entry === undefined) throw new Error("there is no a");
    let text = "";
    for await (const chunk of archive.read(entry)) text = `${text}${chunk}`.slice(-100);
    return text;
  } finally {
    archive.close();
  }
}

const good = zipOf({ a: "text of a", b: "text of b" });

test("a file of an archive is read", async () => {
  expect(await read(good)).toBe("text of a");
});

function changed(at: number, byte: number): Buffer {
  const bytes = Buffer.from(good);
  bytes[at] = byte;
  return bytes;
}

const encrypted = changed(good.indexOf("PK\u0001\u0002") + 8, 1);

/** 2 GB of zeros in 2 MB. */
function bomb(): Buffer {
  const block = deflateRawSync(Buffer.alloc(16 << 20), { finishFlush: constants.Z_FULL_FLUSH });
  return Buffer.concat([...Array.from({ length: 128 }, () => block), Buffer.from([3, 0])]);
}

test.each<[string, Buffer, string, string]>([
  ["that is cut off", good.subarray(0, -30), "compression-error", "damaged"],
  [
    "with a wrong checksum",
    changed(good.indexOf("PK\u0001\u0002") + 16, 0),
    "compression-error",
    "checksum of a is wrong",
  ],
  ["with a password", encrypted, "compression-error", "a.zip is protected by a password."],
  ["that is a bomb", zipOf({ a: { packed: bomb() } }), "too-large", "as a bomb would"],
])("an archive %s is refused", async (_, bytes, code, message) => {
  await expect(read(bytes)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
});

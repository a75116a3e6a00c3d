import type { Gcs } from "../../storage/gcs.ts";
import { incomingObject, matchingKeys, mayUseKeys, parseBucketAddress, reachEndpoint } from "./bucket.ts";
import type { SourceContext, SourceDefinition } from "./definition.ts";

/** Objects in Google Cloud Storage. */
export const gs: SourceDefinition = {
  schemes: ["gs"],
  title: "Google Cloud Storage",
  open: async (source, context) => {
    const { bucket, key } = parseBucketAddress(source, []);
    return incomingObject(await (await open(bucket, context)).get(bucket, key), key);
  },
  list: async (pattern, context) => {
    const { bucket, key } = parseBucketAddress(pattern, []);
    const client = await open(bucket, context);
    const keys = await matchingKeys({ pattern: key, list: (prefix) => client.list(bucket, prefix) });
    return keys.map((each) => `gs://${bucket}/${each}`);
  },
};

async function open(bucket: string, context: SourceContext): Promise<Gcs> {
  const [{ openGcs }, { readGcsAccount }] = await Promise.all([
    import("../../storage/gcs.ts"),
    import("../../storage/gcs-account.ts"),
  ]);
  const host = process.env.STORAGE_EMULATOR_HOST;
  const endpoint = host ? (/^https?:\/\//.test(host) ? host : `http://${host}`) : undefined;
  const account = endpoint === undefined && mayUseKeys(bucket, context) ? await readGcsAccount() : undefined;
  return openGcs({
    ...reachEndpoint(context, endpoint),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(account ? { account } : {}),
  });
}

import type { S3 } from "../../storage/s3.ts";
import {
  type BucketAddress,
  incomingObject,
  isServer,
  matchingKeys,
  mayUseKeys,
  parseBucketAddress,
  reachEndpoint,
} from "./bucket.ts";
import type { SourceContext, SourceDefinition } from "./definition.ts";

const settings = ["endpoint", "region"];

/** Objects in Amazon S3 and in stores that speak its protocol. */
export const s3: SourceDefinition = {
  schemes: ["s3"],
  title: "Amazon S3 and stores like it",
  open: async (source, context) => {
    const address = parseBucketAddress(source, settings);
    const client = await open(address, context);
    return incomingObject(await client.get(address.bucket, address.key), address.key);
  },
  list: async (pattern, context) => {
    const address = parseBucketAddress(pattern, settings);
    const { bucket, key } = address;
    const client = await open(address, context);
    const keys = await matchingKeys({ pattern: key, list: (prefix) => client.list(bucket, prefix) });
    const query = address.settings.size === 0 ? "" : `?${address.settings}`;
    return keys.map((each) => `s3://${bucket}/${each}${query}`);
  },
};

/** The client for an address. An endpoint that the address names gets keys only where these are the user's own. */
async function open({ bucket, settings: told }: BucketAddress, context: SourceContext): Promise<S3> {
  const [{ openS3 }, { readS3Settings }] = await Promise.all([
    import("../../storage/s3.ts"),
    import("../../storage/s3-settings.ts"),
  ]);
  const { keys, region, endpoint } = await readS3Settings();
  const named = told.get("endpoint") ?? undefined;
  const isForeign = named !== undefined && named !== endpoint && isServer(context);
  const at = named ?? endpoint;
  return openS3({
    ...(named === undefined ? reachEndpoint(context, endpoint) : context),
    region: told.get("region") ?? region,
    ...(at === undefined ? {} : { endpoint: at }),
    ...(keys && !isForeign && mayUseKeys(bucket, context) ? { keys } : {}),
  });
}

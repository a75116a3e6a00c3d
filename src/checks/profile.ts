import { AirCanError } from "../base/errors.ts";
import type { DescriptorProblem, JsonObject } from "../descriptor/problem.ts";
import { withPlaces } from "../descriptor/source-text.ts";
import { profileTest } from "../reading/json-schema.ts";
import { openSource } from "../reading/open-source.ts";
import { pathFrom, type ReadDescriptor, readJsonObject } from "../reading/read-descriptor.ts";

/** Profiles of the standard itself, by name or address: what they ask for is tested without them. */
const standard =
  /^(?:(?:tabular-)?data-(?:package|resource)|https?:\/\/(?:www\.)?(?:datapackage\.org|specs\.frictionlessdata\.io|frictionlessdata\.io)\/.*)$/;

/** Problems of one profile that are told. */
const most = 100;

/**
 * What a package lacks of the profile that it names by `$schema` (or, in version 1, `profile`): a JSON Schema by
 * others, such as Camtrap DP's. One that cannot be had or used is a warning, as the package may be well.
 */
export async function profileProblems(read: ReadDescriptor): Promise<readonly DescriptorProblem[]> {
  const { descriptor } = read;
  const property = descriptor.$schema === undefined ? "profile" : "$schema";
  const address = descriptor[property];
  if (typeof address !== "string" || standard.test(address)) return [];
  const pointer = `/${property}`;
  try {
    const broken = profileTest(await readProfile(address, read), (reference) => standard.test(reference));
    const found = broken(descriptor).map(
      ({ pointer, message }): DescriptorProblem => ({
        code: "package-error",
        pointer,
        message: `The package does not fit its profile "${address}": ${message}.`,
      }),
    );
    return withPlaces(found.slice(0, most), descriptor, "");
  } catch (error) {
    if (!(error instanceof AirCanError)) throw error;
    const message = `The package is not tested by its profile "${address}": ${error.message}`;
    const warning = { code: "package-error", pointer, message, severity: "warning" } as const;
    return withPlaces([warning], descriptor, "");
  }
}

async function readProfile(address: string, read: ReadDescriptor): Promise<JsonObject> {
  const { path } = await openSource(pathFrom(address, read), read.context);
  return readJsonObject(path, address, "package-error");
}

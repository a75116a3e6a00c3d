import { z } from "zod";
import { comparisonSchema, profileSchema } from "../factory/validation/shapes.ts";
import { listOf, report } from "./contract.ts";

/** Shapes of what is shown around a report. The page takes its types from here too. */

export const profile = profileSchema.meta({ id: "Profile" });

export const comparison = comparisonSchema
  .extend({ previous: z.object({ run: z.string(), created: z.string() }) })
  .meta({ id: "Comparison" });
export type ReportComparison = z.output<typeof comparison>;
export const share = z
  .object({ id: z.string(), created: z.string(), expires: z.string().nullable() })
  .meta({ id: "Share" });
export const shareList = listOf(share, "ShareList");
export const createdShare = share
  .extend({
    url: z.string().describe("The page of the report, for anyone who has the link. Given only here."),
  })
  .meta({ id: "CreatedShare" });
export type Share = z.output<typeof share>;
export type CreatedShare = z.output<typeof createdShare>;

/** What who has a link to a report may see of its run. */
export const sharedReport = z
  .object({
    dataset: z.string().nullable(),
    created: z.string(),
    expires: z.string().nullable(),
    report,
  })
  .meta({ id: "SharedReport" });
export type SharedReport = z.output<typeof sharedReport>;

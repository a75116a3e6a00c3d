import type { Registry } from "../flow/spec.ts";
import { addField } from "./add-field.ts";
import { deduplicate } from "./deduplicate.ts";
import { deleteFields } from "./delete-fields.ts";
import { dumpToPath } from "./dump-to-path.ts";
import { dumpToSql } from "./dump-to-sql.ts";
import { filterRows } from "./filter-rows.ts";
import { findReplace } from "./find-replace.ts";
import { load } from "./load.ts";
import { packageFunction } from "./package-function.ts";
import { printer } from "./printer.ts";
import { renameFields } from "./rename-fields.ts";
import { rowFunction } from "./row-function.ts";
import { rowsFunction } from "./rows-function.ts";
import { selectFields } from "./select-fields.ts";
import { setType } from "./set-type.ts";
import { sortRows } from "./sort-rows.ts";
import { sources } from "./sources.ts";
import { validate } from "./validate.ts";

const all = [
  load,
  sources,
  setType,
  validate,
  filterRows,
  addField,
  findReplace,
  selectFields,
  deleteFields,
  renameFields,
  sortRows,
  deduplicate,
  dumpToPath,
  dumpToSql,
  printer,
  rowFunction,
  rowsFunction,
  packageFunction,
];

/** Every processor that AirCan brings, by name. Flows can be given another registry with more. */
export const processors: Registry = Object.fromEntries(
  all.map((definition) => [definition.name, definition]),
);

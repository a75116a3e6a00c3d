import type { ErrorKind } from "./errors.ts";

/** One kind of error: what it means, what to do, and the HTTP status that it answers with. */
export interface CatalogueEntry {
  readonly kind: ErrorKind;
  readonly status: number;
  readonly summary: string;
  readonly hint: string;
}

const entry = (kind: ErrorKind, status: number, summary: string, hint: string): CatalogueEntry => ({
  kind,
  status,
  summary,
  hint,
});

/**
 * Every error code there is, in alphabetical order within its group. `docs/errors.md` is generated from
 * this table, and a test keeps table, docs and the codes that the source throws equal.
 */
export const catalogue = {
  // Usage and configuration
  "usage-error": entry(
    "config",
    400,
    "A command or call was written wrongly.",
    "See the help of the command.",
  ),
  "config-error": entry(
    "config",
    400,
    "A setting or a processor's configuration is not valid.",
    "Correct the named option.",
  ),
  "unknown-processor": entry(
    "config",
    400,
    "A flow names a processor that does not exist.",
    "Use one of the known processors; `aircan processors` lists them.",
  ),
  "unknown-field": entry(
    "config",
    400,
    "A step names a field that its input does not have.",
    "Use one of the known fields.",
  ),
  "unknown-resource": entry(
    "config",
    404,
    "A step or call names a resource that is not there.",
    "Use one of the known resources.",
  ),
  "expression-error": entry(
    "config",
    400,
    "An expression cannot be read, or does not fit its fields.",
    "Correct the expression at the marked place.",
  ),
  "step-error": entry(
    "config",
    400,
    "Something that is no step stands in a flow.",
    "Use a processor, a flow, an iterable of objects, or a function.",
  ),
  "row-function-error": entry(
    "data",
    422,
    "A row function threw.",
    "Correct the function, or guard it against this row.",
  ),
  "dag-error": entry("config", 400, "A DAG definition is not valid.", "Correct the named part of the DAG."),
  "params-error": entry(
    "config",
    422,
    "The parameters do not fit the definition's schema.",
    "Correct the named parameter.",
  ),

  // Sources
  "source-error": entry(
    "io",
    422,
    "The source cannot be read, or holds no table.",
    "Check that the source is a table in a known format.",
  ),
  "scheme-error": entry(
    "io",
    422,
    "The source cannot be opened.",
    "Check the path or address, and that it may be read.",
  ),
  "format-error": entry(
    "data",
    422,
    "The source is not in the format it was read as.",
    "Name the format with `--format`.",
  ),
  "encoding-error": entry(
    "data",
    422,
    "The source has bytes that its encoding does not know.",
    "Name the encoding with `--encoding`.",
  ),
  "compression-error": entry(
    "data",
    422,
    "The source cannot be decompressed.",
    "Compress the file again, or send it uncompressed.",
  ),
  "unsafe-path": entry(
    "config",
    403,
    "A path or address is not allowed here.",
    "Use a relative path below the descriptor, or allow the address.",
  ),
  "too-large": entry(
    "io",
    413,
    "Something from outside is larger than the limit.",
    "Send less, or raise the limit.",
  ),
  timeout: entry("io", 504, "Something took longer than it may.", "Try again, or raise the timeout."),

  // Descriptors
  "package-error": entry("data", 422, "A package descriptor is not valid.", "Correct the named property."),
  "resource-error": entry("data", 422, "A resource descriptor is not valid.", "Correct the named property."),
  "dialect-error": entry("data", 422, "A dialect is not valid.", "Correct the named property."),
  "schema-error": entry("data", 422, "A schema is not valid.", "Correct the named property."),
  "field-error": entry("data", 422, "A field of a schema is not valid.", "Correct the named property."),
  "inquiry-error": entry("data", 422, "An inquiry is not valid.", "Correct the named property."),
  "inquiry-task-error": entry(
    "data",
    422,
    "A task of an inquiry is not valid.",
    "Name a `path`, a `resource` or a `package` in the task.",
  ),

  // Findings in data: the types of the validation report
  "byte-count": entry(
    "data",
    422,
    "A file is not as large as its descriptor says.",
    "Fetch the file again, or correct `bytes` of the descriptor.",
  ),
  "hash-count": entry(
    "data",
    422,
    "A file is not the one whose hash its descriptor has.",
    "Fetch the file again, or correct `hash` of the descriptor.",
  ),
  "row-count": entry(
    "data",
    422,
    "A file has not as many rows as its descriptor says.",
    "Fetch the file again, or correct `rows` of the descriptor.",
  ),
  "field-count": entry(
    "data",
    422,
    "A file has not as many fields as its descriptor says.",
    "Fetch the file again, or correct `fields` of the descriptor.",
  ),
  "blank-label": entry("data", 422, "A header cell is empty.", "Give the column a name."),
  "duplicate-label": entry("data", 422, "A header cell repeats another.", "Give each column its own name."),
  "extra-label": entry(
    "data",
    422,
    "The file has a column that the schema does not know.",
    "Remove the column, or add it to the schema.",
  ),
  "missing-label": entry(
    "data",
    422,
    "The file lacks a column of the schema.",
    "Add the column, or remove it from the schema.",
  ),
  "incorrect-label": entry(
    "data",
    422,
    "A header cell differs from the schema's field at its place.",
    "Rename the column, or correct the schema.",
  ),
  "unmatched-header": entry(
    "data",
    422,
    "No column of the file is a field of the schema.",
    "Name the right schema, or correct the header.",
  ),
  "blank-row": entry("data", 422, "A row has no value in any cell.", "Remove the row."),
  "extra-cell": entry(
    "data",
    422,
    "A row has more cells than there are columns.",
    "Remove the cell, or quote the text that holds the delimiter.",
  ),
  "missing-cell": entry(
    "data",
    422,
    "A row has fewer cells than there are columns.",
    "Add the missing cells.",
  ),
  "unclosed-quote": entry(
    "data",
    422,
    "A quoted cell is never closed.",
    "Close the quote, or double the quotes inside the text.",
  ),
  "stray-quote": entry(
    "data",
    422,
    "A quote stands where none may be.",
    "Quote the whole cell and double the quotes inside it.",
  ),
  "null-byte": entry("data", 422, "A cell holds a NUL byte.", "Export the file again as text."),
  "oversized-row": entry(
    "data",
    422,
    "A row is larger than any row may be.",
    "Shorten the long cell, or look for a quote that is closed much too late.",
  ),
  "type-error": entry(
    "data",
    422,
    "A cell cannot be read as its field's type.",
    "Correct the cell, or the field's type.",
  ),
  "constraint-error": entry(
    "data",
    422,
    "A cell breaks a constraint of its field.",
    "Correct the cell, or the constraint.",
  ),
  "category-error": entry(
    "data",
    422,
    "A cell is none of its field's categories.",
    "Correct the cell, or add the value to `categories`.",
  ),
  "unique-error": entry("data", 422, "A cell repeats a value of a unique field.", "Make the value unique."),
  "primary-key": entry(
    "data",
    422,
    "A row's primary key is empty or repeats another row's.",
    "Give each row its own key.",
  ),
  "unique-key": entry(
    "data",
    422,
    "A row repeats the values that `uniqueKeys` of the schema wants only once.",
    "Make the values unique, or correct `uniqueKeys`.",
  ),
  "foreign-key": entry(
    "data",
    422,
    "A row refers to a row that is not there.",
    "Add the row that is referred to, or correct the cell.",
  ),
  "check-error": entry(
    "data",
    422,
    "A check cannot be made as the checklist asks for it.",
    "Correct the check's entry in the checklist.",
  ),
  "table-dimensions": entry(
    "data",
    422,
    "A table has fewer or more rows or fields than it may.",
    "Add or remove rows or columns, or correct the check.",
  ),
  "deviated-value": entry(
    "data",
    422,
    "A number is far from the others of its field.",
    "Look whether the number is right.",
  ),
  "deviated-cell": entry(
    "data",
    422,
    "A cell is much longer than the others of its field.",
    "Look whether a quote or delimiter is missing.",
  ),
  "required-value": entry(
    "data",
    422,
    "A field lacks a value that must be there.",
    "Add the value, or correct the check.",
  ),
  "forbidden-value": entry(
    "data",
    422,
    "A cell has a value that may not be there.",
    "Correct the cell, or the check.",
  ),
  "sequential-value": entry(
    "data",
    422,
    "The values of a field do not follow one another.",
    "Number the rows without gaps, or correct the check.",
  ),
  "truncated-value": entry(
    "data",
    422,
    "A cell looks cut off, at a length or number where programs cut.",
    "Export the value again from its source.",
  ),
  "ascii-value": entry("data", 422, "A cell has characters that are not ASCII.", "Write the cell in ASCII."),
  "duplicate-row": entry("data", 422, "A row is the same as an earlier one.", "Remove the row."),
  "row-constraint": entry(
    "data",
    422,
    "A row breaks a rule between its cells.",
    "Correct the cells, or the rule.",
  ),
  "field-comparison": entry(
    "data",
    422,
    "A cell compares wrongly with another of its row.",
    "Correct one of the cells, or the check.",
  ),
  sql: entry(
    "data",
    422,
    "A query that must give no row gives some.",
    "Correct the rows that it gives, or the query.",
  ),
  freshness: entry(
    "data",
    422,
    "The data is older than it may be.",
    "Update the data, or allow a greater age.",
  ),
  "row-count-change": entry(
    "data",
    422,
    "A table has grown or shrunk more than it may since the last run.",
    "Look whether rows were lost or doubled.",
  ),
  "distribution-drift": entry(
    "data",
    422,
    "The values of a field are not distributed as they were.",
    "Look whether the source, or its units, have changed.",
  ),
  "custom-check": entry("data", 422, "A check of your own found something.", "See what the check says."),
  "data-error": entry(
    "data",
    422,
    "The data is not valid.",
    "Correct the cells listed, or choose what happens to bad cells with `--on-error`.",
  ),

  // Databases, storage, the factory
  "database-error": entry(
    "io",
    503,
    "The database refused or went away.",
    "Check that the database runs and that the address and password are right.",
  ),
  "table-error": entry(
    "data",
    409,
    "The table does not fit what is loaded into it.",
    "Load with `--mode replace`, or make the columns fit.",
  ),
  "storage-error": entry(
    "io",
    503,
    "The storage refused or is full.",
    "Check the folder or bucket, its rights and its free space.",
  ),
  "port-in-use": entry(
    "config",
    409,
    "Another program listens on the port.",
    "Stop the other program, or choose another port with `--port`.",
  ),
  "data-folder-error": entry(
    "config",
    409,
    "The data folder cannot be used.",
    "Choose another folder with `--data`.",
  ),
  unreachable: entry(
    "io",
    503,
    "The factory does not answer.",
    "Start it with `aircan serve`, or correct AIRCAN_URL.",
  ),
  "not-found": entry("config", 404, "There is no such thing.", "Check the name."),
  conflict: entry(
    "config",
    409,
    "The request does not fit the state of things.",
    "Look at the present state and try again.",
  ),
  unauthorized: entry("config", 401, "A token is needed.", "Send `Authorization: Bearer <token>`."),
  forbidden: entry("config", 403, "The token does not allow this.", "Use a token with the needed scope."),
  "task-failed": entry("io", 500, "A task ended without a result.", "Look at the log of the task."),
  "upstream-failed": entry(
    "io",
    500,
    "A task was not run because one before it failed.",
    "Mend the failed task and retry.",
  ),
  interrupted: entry("io", 499, "The work was cancelled.", "Start it again when you are ready."),
  bug: entry(
    "bug",
    500,
    "Something that should never happen.",
    "Report it, with the message and what you did.",
  ),
} as const satisfies Record<string, CatalogueEntry>;

/** A code of the catalogue. */
export type ErrorCode = keyof typeof catalogue;

/** Frictionless metadata as AirCan holds it inside: version 2, normalised, plain and read-only. */

/** The types of Table Schema v2. */
export type FieldType =
  | "string"
  | "number"
  | "integer"
  | "boolean"
  | "date"
  | "time"
  | "datetime"
  | "year"
  | "yearmonth"
  | "duration"
  | "list"
  | "object"
  | "array"
  | "geopoint"
  | "geojson"
  | "any";

export interface Constraints {
  readonly required?: boolean;
  readonly unique?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: string | number;
  readonly maximum?: string | number;
  readonly exclusiveMinimum?: string | number;
  readonly exclusiveMaximum?: string | number;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  /** Of arrays and objects. */
  readonly jsonSchema?: Readonly<Record<string, unknown>>;
}

export interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly format?: string;
  readonly title?: string;
  readonly description?: string;
  readonly constraints?: Constraints;
  readonly missingValues?: readonly string[];
  readonly decimalChar?: string;
  readonly groupChar?: string;
  readonly bareNumber?: boolean;
  readonly trueValues?: readonly string[];
  readonly falseValues?: readonly string[];
  readonly [property: string]: unknown;
}

export interface Schema {
  readonly fields: readonly Field[];
  /** Texts that mean "no value"; `[""]` unless told. */
  readonly missingValues?: readonly string[];
  readonly primaryKey?: readonly string[];
  readonly [property: string]: unknown;
}

/** How text becomes records. All properties of a described file are written out, also the defaults. */
export interface Dialect {
  readonly delimiter: string;
  readonly lineTerminator: string;
  /** `null`: the file has no quoting. */
  readonly quoteChar: string | null;
  readonly doubleQuote: boolean;
  readonly escapeChar: string | null;
  readonly skipInitialSpace: boolean;
  readonly header: boolean;
  /** The records (counted from 1, comments and blank ones too) that hold the header. */
  readonly headerRows: readonly number[];
  readonly headerJoin: string;
  readonly commentChar: string | null;
  /** Records that are no data, such as a title above the header. */
  readonly commentRows: readonly number[];
  /** Each row ends with a delimiter, after which no cell begins. An addition of ours. */
  readonly trailingDelimiter?: boolean;
  /** What stands for no value, such as `\\N`. */
  readonly nullSequence?: string | null;
  readonly [property: string]: unknown;
}

/** One thing that AirCan guessed, how sure it is (0 to 1) and why. */
export interface Guess {
  readonly property: string;
  readonly value: unknown;
  readonly confidence: number;
  readonly reason: string;
  /** Of a field's type: other types that at least half of its cells have, with that share (0 to 1). */
  readonly candidates?: readonly TypeCandidate[];
  /** Cells that have not the likeliest of these types, with the rows where they stand: the first few. */
  readonly against?: readonly { readonly row: number; readonly cell: string }[];
}

/** A type with its format and other properties of a field. */
export interface TypeCandidate {
  readonly type: FieldType;
  readonly share: number;
  /** Why it was not taken although every cell has it. */
  readonly doubt?: string;
  readonly [property: string]: unknown;
}

/** What people should know of how a source was read: about its `encoding`, `preamble` or a `label`. */
export interface Note {
  readonly about: string;
  readonly text: string;
}

/** How a part of a descriptor, which a JSON pointer names, was read in the form of version 2. */
export interface Change {
  readonly pointer: string;
  readonly text: string;
}

export interface Resource {
  readonly name: string;
  readonly path?: string | readonly string[];
  readonly data?: unknown;
  readonly type?: "table";
  readonly title?: string;
  readonly description?: string;
  readonly format?: string;
  readonly mediatype?: string;
  /** WHATWG name. */
  readonly encoding?: string;
  readonly compression?: string;
  readonly dialect?: Partial<Dialect>;
  readonly schema?: Schema;
  readonly bytes?: number;
  readonly hash?: string;
  readonly rows?: number;
  readonly aircan?: {
    readonly guesses?: readonly Guess[];
    /** What people may want to add to the descriptor: a primary key, missing values. */
    readonly suggestions?: readonly Guess[];
    readonly notes?: readonly Note[];
    /** What the descriptor had in older forms. */
    readonly changes?: readonly Change[];
    readonly stats?: unknown;
    readonly [key: string]: unknown;
  };
  readonly [property: string]: unknown;
}

export interface Package {
  readonly name?: string;
  readonly title?: string;
  readonly resources: readonly Resource[];
  readonly [property: string]: unknown;
}

import { html, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";

/** What of an OpenAPI 3.1 document the page shows. */
interface Document {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly paths?: object;
  readonly components?: { readonly schemas?: object };
}

type Schema = Readonly<Record<string, unknown>>;
type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly scope?: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Contents };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Contents }>>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema;
}

type Contents = Readonly<Record<string, { readonly schema?: Schema }>>;

/** The API as one page that needs nothing but itself: no script, no font, no other address. */
export function docsPage(document: Document): Html {
  const operations = operationsOf(document);
  const groups = Map.groupBy(operations, ({ tags }) => tags[0] ?? "other");
  const schemas = Object.entries<Schema>({ ...document.components?.schemas });
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${document.info.title} API</title><link rel="icon" href="/favicon.svg"><style>${raw(style)}</style></head>
<body><header><h1>${document.info.title} API <small>${document.info.version}</small></h1>
<p>${document.info.description ?? ""} <a href="/api/openapi.json">OpenAPI document</a> · <a href="/">Back to the factory</a></p>
<nav aria-label="Groups">${[...groups.keys()].map((tag) => html`<a href="#${idOf(tag)}">${tag}</a> `)}<a href="#schemas">Shapes</a></nav></header>
<main>${[...groups].map(([tag, members]) => html`<section id="${idOf(tag)}"><h2>${tag}</h2>${members.map(operationPart)}</section>`)}
<section id="schemas"><h2>Shapes</h2>${schemas.map(([name, schema]) => html`<details id="shape-${name}"><summary><code>${name}</code></summary>${schemaPart(schema)}</details>`)}</section>
</main></body></html>`;
}

const idOf = (text: string): string => text.replaceAll(/[^a-z0-9]+/gi, "-");

function operationsOf({ paths = {} }: Document): readonly Operation[] {
  const methods = ["get", "post", "put", "patch", "delete"];
  return Object.entries<Readonly<Record<string, Partial<Operation> & { "x-scope"?: string }>>>({
    ...paths,
  }).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => methods.includes(method))
      .map(([method, found]) => ({
        tags: [],
        summary: "",
        parameters: [],
        responses: {},
        ...found,
        ...(found["x-scope"] ? { scope: found["x-scope"] } : {}),
        method,
        path,
      })),
  );
}

function operationPart(operation: Operation): Html {
  const { method, path, summary, description, scope, parameters, requestBody, responses } = operation;
  return html`<details id="${method}-${idOf(path)}"><summary><b class="method ${method}">${method.toUpperCase()}</b> <code>${path}</code> <span>${summary}</span></summary>
<div class="body">${description ? html`<p>${description}</p>` : ""}<p class="scope">${scope ? html`Needs the scope <code>${scope}</code>, once there are tokens.` : "Needs no token."}</p>
<pre>${exampleOf(operation)}</pre>
${parameters.length > 0 ? html`<h3>Parameters</h3>${table(parameters.map(parameterRow))}` : ""}
${requestBody ? html`<h3>Body</h3>${Object.entries(requestBody.content).map(contentPart)}` : ""}
<h3>Answers</h3>${Object.entries(responses).map(([status, answer]) => html`<p><b>${status === "default" ? "else" : status}</b> ${answer.description}</p>${Object.entries(answer.content ?? {}).map(contentPart)}`)}</div></details>`;
}

function exampleOf({ method, path, requestBody }: Operation): string {
  const place = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase());
  const form = requestBody && "multipart/form-data" in requestBody.content;
  const verb = method === "get" ? "" : ` -X ${method.toUpperCase()}`;
  const data = form
    ? " -F name=cities -F file=@cities.csv"
    : requestBody
      ? " -H 'content-type: application/json' -d '{…}'"
      : "";
  return `curl${form ? "" : verb} http://localhost:8080${place}${data}`;
}

function parameterRow({
  name,
  in: place,
  required,
  description,
  schema = {},
}: Parameter): readonly [string, Html] {
  return [
    name,
    html`${typeText(schema)}${required ? ", required" : ""}, in the ${place}${description ? html`. ${description}` : ""}`,
  ];
}

function contentPart([mediatype, { schema }]: readonly [string, { readonly schema?: Schema }]): Html {
  return html`<p><code>${mediatype}</code> ${schema ? typeText(schema) : ""}</p>${schema && !("$ref" in schema) ? schemaPart(schema) : ""}`;
}

function schemaPart(schema: Schema): Html {
  const properties = Object.entries<Schema>({
    ...(typeof schema.properties === "object" ? schema.properties : {}),
  });
  if (properties.length === 0) return html`<p class="body">${typeText(schema)}</p>`;
  const required = Array.isArray(schema.required) ? schema.required : [];
  return html`<div class="body">${table(
    properties.map(([name, property]) => [
      name,
      html`${typeText(property)}${required.includes(name) ? "" : ", optional"}${typeof property.description === "string" ? html`. ${property.description}` : ""}`,
    ]),
  )}</div>`;
}

const table = (rows: readonly (readonly [string, Html])[]): Html =>
  html`<table>${rows.map(([name, text]) => html`<tr><th scope="row"><code>${name}</code></th><td>${text}</td></tr>`)}</table>`;

/** A type in a few words; a shape of its own as a link to it. */
function typeText(schema: Schema): Html {
  if (typeof schema.$ref === "string") {
    const name = schema.$ref.split("/").at(-1) ?? "";
    return html`<a href="#shape-${name}">${name}</a>`;
  }
  if (Array.isArray(schema.enum)) return html`${schema.enum.map(String).join(" | ")}`;
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (Array.isArray(choices))
    return html`${choices.map((each: Schema, i) => html`${i > 0 ? " or " : ""}${typeText(each)}`)}`;
  if (schema.type === "array" && typeof schema.items === "object" && schema.items !== null)
    return html`list of ${typeText({ ...schema.items })}`;
  const type = Array.isArray(schema.type) ? schema.type.join(" or ") : String(schema.type ?? "anything");
  const fallback = schema.default === undefined ? "" : `, ${JSON.stringify(schema.default)} unless told`;
  return html`${type}${typeof schema.format === "string" ? ` (${schema.format})` : ""}${fallback}`;
}

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem; }
h1 small { font-size: 0.6em; font-weight: normal; opacity: 0.7; }
h2 { margin-top: 2rem; }
h3 { font-size: 1rem; margin: 1rem 0 0.25rem; }
nav a { margin-right: 0.5rem; }
details { border: 1px solid color-mix(in srgb, currentcolor 20%, transparent); border-radius: 6px; margin: 0.4rem 0; }
summary { cursor: pointer; padding: 0.5rem 0.75rem; overflow-wrap: anywhere; }
summary span { opacity: 0.75; }
.body { padding: 0 0.75rem 0.75rem; }
.method { display: inline-block; min-width: 4.2em; font-size: 0.8rem; }
.get { color: light-dark(#0b5fb0, #7ab8f5); } .post { color: light-dark(#1b6e3c, #74d39a); }
.put { color: light-dark(#8a5300, #e8b36a); } .delete { color: light-dark(#b3261e, #f2938c); }
pre { overflow-x: auto; padding: 0.5rem 0.75rem; background: color-mix(in srgb, currentcolor 8%, transparent); border-radius: 6px; }
table { border-collapse: collapse; width: 100%; } th { text-align: left; vertical-align: top; font-weight: normal; padding-right: 1rem; }
td, th { border-top: 1px solid color-mix(in srgb, currentcolor 12%, transparent); padding: 0.25rem 1rem 0.25rem 0; overflow-wrap: anywhere; }
.scope { opacity: 0.75; margin: 0 0 0.5rem; }`;

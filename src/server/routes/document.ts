import { docsPage } from "../docs-page.ts";
import { type App, createRoutes } from "../parts.ts";

/** The OpenAPI document of an app, and a page to read it. */
export function documentRoutes(documented: App, version: string): App {
  const app = createRoutes();
  const { openAPIRegistry } = documented;
  openAPIRegistry.registerComponent("securitySchemes", "token", {
    type: "http",
    scheme: "bearer",
    description: "A token of the factory; also as Basic, with the token as password.",
  });
  const read = () =>
    documented.getOpenAPI31Document({
      openapi: "3.1.0",
      info: {
        title: "AirCan",
        version,
        description:
          "A data factory. Lists are paged by cursor. Errors are one object: code, message, hint, kind, where.",
      },
    });
  app.get("/api/openapi.json", (c) => c.json(read()));
  app.get("/api/docs", (c) => c.html(docsPage(read())));
  return app;
}

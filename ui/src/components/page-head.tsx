import type { ReactNode } from "react";
import { Link } from "wouter";

interface PageHeadProps {
  readonly title: ReactNode;
  /** The way down to here; the last one is the page itself and no link. */
  readonly trail?: readonly { readonly title: string; readonly href: string }[];
  readonly lead?: ReactNode;
  readonly tools?: ReactNode;
}

/** The top of a page: where one is, what this is, what can be done. */
export function PageHead({ title, trail, lead, tools }: PageHeadProps) {
  return (
    <div className="page-head">
      <div className="page-head-text">
        {trail !== undefined && (
          <nav aria-label="Breadcrumb">
            <ol className="breadcrumb">
              {trail.map((step) => (
                <li key={step.href}>
                  <Link href={step.href}>{step.title}</Link>
                </li>
              ))}
            </ol>
          </nav>
        )}
        <h1>{title}</h1>
        {lead !== undefined && <div className="muted">{lead}</div>}
      </div>
      {tools !== undefined && <div className="page-tools">{tools}</div>}
    </div>
  );
}

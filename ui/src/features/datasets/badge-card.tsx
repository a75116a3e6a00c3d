import { useState } from "react";
import { CopyButton } from "../../components/copy-button.tsx";
import { datasetUrl } from "../../lib/urls.ts";
import { Choice } from "../overview/load-fields.tsx";

const styles = [
  { value: "flat", title: "Rounded" },
  { value: "flat-square", title: "Square" },
] as const;

/** A picture of whether the dataset is valid, and the texts that put it into a README or a page. */
export function BadgeCard({ dataset }: { readonly dataset: string }) {
  const [style, setStyle] = useState("flat");
  const path = dataset.split("/").map(encodeURIComponent).join("/");
  const query = style === "flat" ? "" : `?style=${style}`;
  const image = `${location.origin}/badge/${path}.svg${query}`;
  const page = `${location.origin}${datasetUrl(dataset)}`;
  const snippets = [
    { name: "Markdown", text: `[![data](${image})](${page})` },
    { name: "HTML", text: `<a href="${page}"><img src="${image}" alt="data"></a>` },
  ];
  return (
    <details className="card badge-card">
      <summary className="card-head">
        <h2>Badge</h2>
        <span className="muted">for a README or a page: press to see its text</span>
        <img src={image} height={20} alt="Whether the data of this dataset is valid" />
      </summary>
      <div className="card-body">
        <Choice label="Corners" options={styles} value={style} onChange={setStyle} />
        {snippets.map(({ name, text }) => (
          <div key={name} className="snippet">
            <span className="muted">{name}</span>
            <code>{text}</code>
            <CopyButton text={text} label={`Copy the ${name}`} />
          </div>
        ))}
      </div>
    </details>
  );
}

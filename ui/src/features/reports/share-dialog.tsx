import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { ErrorBox } from "../../components/error-box.tsx";
import type { Share } from "../../lib/contract.ts";
import { formatTime } from "../../lib/format.ts";
import { useCreateShare, useRevokeShare, useShares } from "../../lib/report-queries.ts";
import { Choice } from "../overview/load-fields.tsx";

const terms = [
  { value: "7", title: "For a week" },
  { value: "30", title: "For 30 days" },
  { value: "365", title: "For a year" },
  { value: "", title: "Until it is revoked" },
] as const;

/** Makes a link that shows the report to anyone who has it, and revokes those that were made. */
export function ShareDialog({ run, onClose }: { readonly run: string; readonly onClose: () => void }) {
  const [term, setTerm] = useState("30");
  const shares = useShares(run);
  const create = useCreateShare(run);
  return (
    <Dialog title="Share this report" onClose={onClose}>
      <div className="dialog-body share">
        <p>Whoever has the link sees this report, without a login, and nothing else of the factory.</p>
        {create.data === undefined ? (
          <div className="share-new">
            <Choice label="The link is valid" options={terms} value={term} onChange={setTerm} />
            <Button
              look="primary"
              icon="link"
              pending={create.isPending}
              onClick={() => create.mutate(term === "" ? null : Number(term))}
            >
              Make a link
            </Button>
          </div>
        ) : (
          <NewLink url={create.data.url} />
        )}
        {create.isError && <ErrorBox error={create.error} />}
        {shares.data !== undefined && shares.data.items.length > 0 && (
          <ShareList run={run} shares={shares.data.items} />
        )}
      </div>
    </Dialog>
  );
}

/** It is shown only now: the factory keeps no copy of its secret. */
function NewLink({ url }: { readonly url: string }) {
  return (
    <div className="share-link">
      <input
        className="input mono"
        readOnly
        aria-label="The link"
        value={url}
        onFocus={(event) => event.target.select()}
      />
      <CopyButton text={url} label="Copy the link" />
      <p className="muted">Copy it now: it is not shown again.</p>
    </div>
  );
}

function ShareList({ run, shares }: { readonly run: string; readonly shares: readonly Share[] }) {
  const revoke = useRevokeShare(run);
  return (
    <>
      <h3>Links to this report</h3>
      <ul className="share-list">
        {shares.map((share) => (
          <li key={share.id}>
            <span>
              made {formatTime(share.created)}
              <br />
              <span className="muted">
                {share.expires === null ? "until it is revoked" : `until ${formatTime(share.expires)}`}
              </span>
            </span>
            <Button
              look="danger"
              pending={revoke.isPending && revoke.variables === share.id}
              aria-label={`Revoke the link made ${formatTime(share.created)}`}
              onClick={() => revoke.mutate(share.id)}
            >
              Revoke
            </Button>
          </li>
        ))}
      </ul>
      {revoke.isError && <ErrorBox error={revoke.error} />}
    </>
  );
}

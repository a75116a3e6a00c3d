import { useMemo, useState } from "react";
import { Button } from "../../components/button.tsx";
import { DownloadLink } from "../../components/download-link.tsx";
import { Empty } from "../../components/empty.tsx";
import { ErrorBox } from "../../components/error-box.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { SearchField } from "../../components/text-field.tsx";
import { withQuery } from "../../lib/api.ts";
import type { LogLine, Run } from "../../lib/contract.ts";
import { formatCount, formatNumber } from "../../lib/format.ts";
import { runApi } from "../../lib/urls.ts";
import { LogView, type NumberedLine } from "./log-view.tsx";
import type { TaskGroup } from "./task-groups.ts";
import { useLog } from "./use-log.ts";

const levels = ["debug", "info", "warning", "error"] as const;
type Level = (typeof levels)[number];

interface LogPanelProps {
  readonly run: Run;
  readonly groups: readonly TaskGroup[];
  readonly active: boolean;
  /** `null`: all tasks. */
  readonly task: string | null;
  readonly onTask: (task: string | null) => void;
}

/** What the tasks said: live while they run, searchable, each line with an address of its own. */
export function LogPanel({ run, groups, active, task, onTask }: LogPanelProps) {
  const log = useLog(run.id, task, active);
  const [text, setText] = useState("");
  const [level, setLevel] = useState<Level>("debug");
  const [follow, setFollow] = useState(active && location.hash === "");
  const lines = useMemo(() => filterLines(log.lines, text, level), [log.lines, text, level]);
  const look = { mark: text, showTask: task === null, live: active };
  return (
    <div className="log-panel">
      <div className="log-tools">
        <SearchField label="Search the log" placeholder="Search the log" value={text} onChange={setText} />
        <TaskSelect groups={groups} task={task} onTask={onTask} />
        <LevelSelect level={level} onLevel={setLevel} />
        <LineCount shown={lines.length} all={log.lines.length} />
        {active && (
          <Button aria-pressed={follow} onClick={() => setFollow(!follow)}>
            {follow ? "Following" : "Follow"}
          </Button>
        )}
        <DownloadLink {...downloadOf(run, task)} label="Download the log" />
      </div>
      {log.error !== null && <ErrorBox error={log.error} />}
      {lines.length > 0 ? (
        <LogView {...look} lines={lines} follow={follow && active} onLeaveEnd={() => setFollow(false)} />
      ) : (
        <NoLines loading={log.loading} searched={log.lines.length > 0} active={active} />
      )}
    </div>
  );
}

function LineCount({ shown, all }: { readonly shown: number; readonly all: number }) {
  return (
    <span className="log-count muted">
      {shown === all ? formatCount(all, "line") : `${formatNumber(shown)} of ${formatCount(all, "line")}`}
    </span>
  );
}

function downloadOf(run: Run, task: string | null): { href: string; name: string } {
  return {
    href: withQuery(runApi(run.id, "/logs"), { task, format: "text" }),
    name: `${run.id}${task === null ? "" : `-${task}`}.log`,
  };
}

interface NoLinesProps {
  readonly loading: boolean;
  readonly searched: boolean;
  readonly active: boolean;
}

function NoLines({ loading, searched, active }: NoLinesProps) {
  return (
    <div className={active ? "log-view log-live log-empty" : "log-view log-empty"}>
      {searched ? (
        <Empty icon="search" title="No line fits" />
      ) : loading ? (
        <Skeleton lines={8} height={22} />
      ) : (
        <Empty icon="table" title={active ? "Nothing was said yet" : "Nothing was said"} />
      )}
    </div>
  );
}

interface TaskSelectProps {
  readonly groups: readonly TaskGroup[];
  readonly task: string | null;
  readonly onTask: (task: string | null) => void;
}

function TaskSelect({ groups, task, onTask }: TaskSelectProps) {
  return (
    <label>
      <span className="visually-hidden">Task</span>
      <select className="input" value={task ?? ""} onChange={(event) => onTask(event.target.value || null)}>
        <option value="">All tasks</option>
        {groups.map((group) => (
          <option key={group.id} value={group.id}>
            {group.title}
          </option>
        ))}
      </select>
    </label>
  );
}

function LevelSelect({
  level,
  onLevel,
}: {
  readonly level: Level;
  readonly onLevel: (level: Level) => void;
}) {
  return (
    <label>
      <span className="visually-hidden">Level</span>
      <select
        className="input"
        value={level}
        onChange={(event) => onLevel(levels.find((known) => known === event.target.value) ?? "debug")}
      >
        <option value="debug">All levels</option>
        <option value="info">Info and above</option>
        <option value="warning">Warnings and errors</option>
        <option value="error">Errors</option>
      </select>
    </label>
  );
}

/** The lines that fit, each with its place in the whole log. */
function filterLines(lines: readonly LogLine[], text: string, level: Level): readonly NumberedLine[] {
  const least = levels.indexOf(level);
  const wanted = text.toLowerCase();
  const fits = (line: LogLine) =>
    levels.indexOf(line.level) >= least && (wanted === "" || line.message.toLowerCase().includes(wanted));
  return lines.map((line, index) => ({ line, number: index + 1 })).filter(({ line }) => fits(line));
}

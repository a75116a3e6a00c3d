const widths = ["92%", "76%", "84%", "68%", "88%"];

/** Grey lines of the size of what will stand there, so that nothing moves when it arrives. */
export function Skeleton({ lines, height = 20 }: { readonly lines: number; readonly height?: number }) {
  const rows = Array.from({ length: lines }, (_, index) => ({
    key: `line-${index}`,
    width: widths[index % widths.length],
  }));
  return (
    <div className="skeleton" role="status" aria-label="Loading">
      {rows.map((row) => (
        <div key={row.key} className="skeleton-line" style={{ height }}>
          <span style={{ width: row.width }} />
        </div>
      ))}
    </div>
  );
}

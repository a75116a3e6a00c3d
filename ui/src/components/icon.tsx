/** Line icons on a grid of 16, drawn in the text's colour; they are decoration and say nothing to a screen reader. */
const paths = {
  check: "M3.5 8.5l3 3 6-7",
  cross: "M4.5 4.5l7 7m0-7l-7 7",
  dash: "M4 8h8",
  slash: "M4.8 11.2l6.4-6.4",
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zm3.6-1.4L14 14",
  copy: "M5.5 5.5V3h7.5v7.5h-2.5M3 5.5h7.5V13H3z",
  download: "M8 2.5v8m0 0L4.8 7.3M8 10.5l3.2-3.2M3 13.5h10",
  upload: "M8 10.5v-8m0 0L4.8 5.7M8 2.5l3.2 3.2M3 13.5h10",
  chevron: "M6 3.5L10.5 8 6 12.5",
  sun: "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1.1 1.1M11.9 11.9L13 13M13 3l-1.1 1.1M4.1 11.9L3 13",
  moon: "M13 9.8A5.8 5.8 0 0 1 6.2 3a5.5 5.5 0 1 0 6.8 6.8z",
  system: "M2.5 3h11v7.5h-11zM6 13.5h4M8 10.5v3",
  help: "M5.8 6.2a2.2 2.2 0 1 1 3.2 2c-.7.4-1 .8-1 1.5M8 12.2v.1",
  link: "M6.8 9.2l2.6-2.6M7.2 4.8l1.4-1.4a2.8 2.8 0 0 1 4 4l-1.4 1.4M8.8 11.2l-1.4 1.4a2.8 2.8 0 0 1-4-4l1.4-1.4",
  retry: "M12.8 8A4.8 4.8 0 1 1 11 4.2M11.3 1.6v2.9H8.4",
  play: "M5 3.2v9.6L12.5 8z",
  stop: "M4.5 4.5h7v7h-7z",
  table: "M2.5 3.5h11v9h-11zM2.5 6.5h11M6.5 6.5v6",
  alert: "M8 2.5l6 10.5H2zM8 6.5v3M8 11.2v.1",
} as const;

export type IconName = keyof typeof paths;

/** One icon of 16 pixels. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}

/** Where a text is printed: to what knows colours, and what reads along. */
export interface Terminal {
  /** True: colours (SGR) stay. */
  readonly hasColours: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Colours; all other control characters but tabs and line breaks; signs that turn the order of letters around. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
const obeyed = /(\x1b\[[\d;]*m)|[^\P{Cc}\t\n]|[\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Lines that a CI system takes for commands to itself: GitHub's `::name::` and `##[name]`, Azure's `##vso[`,
 * TeamCity's `##teamcity[`.
 */
const commands: readonly (readonly [variable: string, command: RegExp])[] = [
  ["GITHUB_ACTIONS", /(?<=^\s*:)(?=:)|(?<=#)(?=#\[)/gm],
  ["TF_BUILD", /(?<=#)(?=#(?:vso)?\[)/g],
  ["TEAMCITY_VERSION", /(?<=#)(?=#teamcity\[)/g],
];

/**
 * A text of ours in which names and cells from elsewhere stand, as it may be printed: what a terminal or the
 * CI system around it would obey is a sign or broken up.
 */
export function terminalText(text: string, { hasColours, env }: Terminal): string {
  const shown = text.replaceAll(obeyed, (_sign, colour?: string) =>
    hasColours && colour !== undefined ? colour : "\ufffd",
  );
  return commands.reduce(
    (line, [variable, command]) => (env[variable] ? line.replaceAll(command, "\u200b") : line),
    shown,
  );
}

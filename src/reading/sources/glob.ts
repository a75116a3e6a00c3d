/** True if a source is a pattern: it has `*`, a set in `[]`, or choices in `{}`. `?` counts in paths only. */
export function isGlob(source: string): boolean {
  const isAddress = /^[a-z][a-z0-9+.-]*:\/\//i.test(source);
  if (isAddress && !/^(s3|gs|file):/i.test(source)) return false;
  const path = isAddress ? source.replace(/\?(?=\w+=).*$/s, "") : source;
  return /[*]|\[[^\]]+\]|\{[^}]*,[^}]*\}/.test(path) || (!isAddress && path.includes("?"));
}

/** What stands before the first character of a pattern that means others. */
export function globPrefix(pattern: string): string {
  return /^[^*?[{]*/.exec(pattern)?.[0] ?? "";
}

/**
 * A pattern as a regular expression: `*` and `?` stay inside a folder, `**` goes through folders, `[a-c]` is
 * one of these characters, `{a,b}` one of these texts.
 */
export function globPattern(pattern: string): RegExp {
  const tokens = pattern.matchAll(/\*\*\/|\*\*|\*|\?|\[([!^]?)([^\]]+)\]|\{([^}]*)\}|[\s\S]/g);
  let expression = "";
  for (const [token, not, set, choices] of tokens) {
    if (token === "**/") expression += "(?:[^/]*/)*";
    else if (token === "**") expression += ".*";
    else if (token === "*") expression += "[^/]*";
    else if (token === "?") expression += "[^/]";
    else if (set !== undefined) expression += `[${not ? "^" : ""}${set.replace(/[\\\]^]/g, "\\$&")}]`;
    else if (choices !== undefined)
      expression += `(?:${choices
        .split(",")
        .map((choice) => globPattern(choice).source.slice(1, -1))
        .join("|")})`;
    else expression += RegExp.escape(token);
  }
  return new RegExp(`^${expression}$`, "s");
}

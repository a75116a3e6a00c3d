/**
 * Why a path may not stand in a descriptor that is not trusted; undefined if it may. Allowed are http(s)
 * and ftp(s) addresses and relative paths that stay below the descriptor and name no hidden folder: Data Package v2.
 */
export function unsafeReason(path: string): string | undefined {
  if (/^(?:https?|ftps?):\/\//i.test(path)) return undefined;
  if (/^[a-z][a-z0-9+.-]*:/i.test(path)) return "is neither a relative path nor an http address";
  if (path.trim() === "") return "is empty";
  if (/^[/\\~]/.test(path)) return "is an absolute path";
  const folders = path.split(/[\\/]/);
  if (/%(?:2e|2f|5c|00)/i.test(path)) return "hides a point, a slash or a NUL behind a percent sign";
  if (folders.some((folder) => folder.trim() === "..")) return "leads out of its folder";
  if (path.includes("\\")) return "has a backslash, where paths have `/`";
  if (path.includes("\0")) return "has a NUL character";
  if (/\p{Cc}/u.test(path)) return "has a control character";
  if (folders.some((folder) => folder.length > 1 && folder.startsWith("."))) return "names a hidden folder";
  if (/%[^/]*%|\$[A-Za-z_{]/.test(path)) return "names a variable of the environment";
  return undefined;
}

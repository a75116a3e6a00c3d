import { cutAt, textWidth } from "./table.ts";

export interface Wrapping {
  /** Columns that a line may take. */
  readonly width: number;
  /** Spaces before each line. */
  readonly indent?: number;
  /** Spaces before each line but the first; as `indent` unless told. */
  readonly hanging?: number;
}

/** A text broken at spaces into lines that fit. A word longer than a line is broken. */
export function wrapped(text: string, { width, indent = 0, hanging = indent }: Wrapping): string {
  const lines: string[] = [];
  let line = " ".repeat(indent);
  let used = indent;
  let isEmpty = true;
  for (const word of text.split(" ").flatMap((each) => piecesOf(each, width - hanging))) {
    const size = textWidth(word);
    if (!isEmpty && used + 1 + size > width) {
      lines.push(line);
      line = " ".repeat(hanging);
      used = hanging;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    used += isEmpty ? size : size + 1;
    isEmpty = false;
  }
  return [...lines, line].join("\n");
}

function piecesOf(word: string, room: number): string[] {
  const piece = textWidth(word) <= room ? "" : cutAt(word, room);
  return piece === "" ? [word] : [piece, ...piecesOf(word.slice(piece.length), room)];
}

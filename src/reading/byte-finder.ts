/** Finds where a byte stands next, and remembers it; -1 is no byte. */
export class ByteFinder {
  private readonly byte: number;
  private found = -1;

  constructor(byte: number) {
    this.byte = byte;
    this.forget();
  }

  /** Its first place from `start` on, which is not before the one asked for last; infinite: nowhere. */
  from(data: Buffer, start: number): number {
    if (this.found < start) {
      const at = data.indexOf(this.byte, start);
      this.found = at === -1 ? Number.POSITIVE_INFINITY : at;
    }
    return this.found;
  }

  /** Other data are searched from now on. */
  forget(): void {
    this.found = this.byte === -1 ? Number.POSITIVE_INFINITY : -1;
  }
}

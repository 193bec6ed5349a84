// rejected by TS4114
export class Quiet extends Error {
  toString(): string {
    return 'quiet'
  }
}

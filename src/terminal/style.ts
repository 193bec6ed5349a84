/**
 * Colour, for terminals that show it and users who want it.
 */

type Paint = (text: string) => string

/** Functions that colour a text. */
export interface Style {
  readonly isColored: boolean
  readonly bold: Paint
  readonly dim: Paint
  readonly red: Paint
  readonly green: Paint
  readonly yellow: Paint
}

/** Whether a stream gets colour. As in Node, `FORCE_COLOR` counts more than `NO_COLOR` (no-color.org), and both more than the stream. */
export function hasColor(
  { isTTY }: { readonly isTTY?: boolean | undefined },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no, TERM: term } = env
  if (force !== undefined) return force !== '0' && force !== 'false'
  if (no !== undefined && no !== '') return false
  return isTTY === true && term !== 'dumb'
}

export function createStyle(isColored: boolean): Style {
  const paint = (on: number, off: number): Paint =>
    isColored ? (text) => `\u001b[${on}m${text}\u001b[${off}m` : (text) => text
  return {
    isColored,
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
  }
}

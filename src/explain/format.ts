/**
 * Writes an explanation for a terminal.
 */
import { readChoice, readOptions } from '../verify/explain-kit.ts'
import type { Cause, Check, Explanation } from './explanation.ts'
import { shorten } from './show.ts'

/** The options of `formatExplanation`. */
export interface FormatOptions {
  /** Whether the text has colours (ANSI escape sequences). @defaultValue false */
  readonly color?: boolean | undefined
}

type Paint = (style: keyof typeof STYLES, text: string) => string

/** ECMA-48 s8.3.117 */
const STYLES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const
const VERDICTS = { accepted: 'green', refused: 'red', undecided: 'yellow' } as const
const OUTCOMES = { passed: ['green', '✓'], failed: ['red', '✗'], skipped: ['dim', '-'] } as const
const MAX_TEXT = 600

/**
 * Writes an explanation as text for a terminal, with a line feed at the end. Control characters and invisible ones, which an
 * attacker may have put into a token, are escaped.
 *
 * Security: the text quotes the unverified token. It is for the developer's eyes: never send it to a client.
 *
 * @example
 * ```ts
 * process.stderr.write(formatExplanation(await explain(verifier, token), { color: process.stderr.isTTY }))
 * ```
 * @param explanation - the return value of `explain`
 * @param options - whether there are colours
 * @returns lines of text
 * @throws {@link ConfigError} `ERR_CONFIG_INVALID` that names the invalid option
 */
export function formatExplanation(explanation: Explanation, options: FormatOptions = {}): string {
  const { color } = readOptions('options', options, { color: true })
  const isColored = readChoice('color', color, [true, false] as const) ?? false
  const paint: Paint = (style, text) =>
    isColored ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text
  const { verdict, code, checks, causes } = explanation
  const title = `${verdict}${code === undefined ? '' : ` ${printable(code)}`}`
  const width = Math.max(...checks.map(({ name }) => printable(name).length))
  return [
    paint('bold', paint(VERDICTS[verdict], title)),
    ...(causes.length > 0
      ? ['', ...causes.flatMap((one, at) => toCauseLines(one, at, paint))]
      : []),
    '',
    ...checks.flatMap((check) => toCheckLines(check, width, paint)),
    '',
    paint('dim', 'Quotes an unverified token: for your eyes, not for clients or shared logs.'),
    '',
  ].join('\n')
}

function toCauseLines({ title, advice }: Cause, at: number, paint: Paint): string[] {
  const number = `${at + 1}.`
  return [
    `${number} ${paint('bold', printable(title))}`,
    `${' '.repeat(number.length)} ${printable(advice)}`,
  ]
}

function toCheckLines(check: Check, width: number, paint: Paint): string[] {
  const { outcome, name, expected, actual, detail } = check
  const [style, mark] = OUTCOMES[outcome]
  const indent = ' '.repeat(width + 4)
  const first = `${paint(style, mark)} ${printable(name).padEnd(width)}`
  if (outcome === 'skipped')
    return [
      paint('dim', `${mark} ${printable(name).padEnd(width)}  skipped: ${printable(detail ?? '')}`),
    ]
  if (outcome === 'passed') {
    const none = expected === undefined ? '' : paint('dim', 'none')
    return [`${first}  ${actual === undefined ? none : printable(actual)}`.trimEnd()]
  }
  const lines = [
    ...(detail === undefined ? [] : [printable(detail)]),
    ...toComparison(expected, actual),
  ]
  return lines.map((line, row) => (row === 0 ? `${first}  ${line}` : `${indent}${line}`))
}

function toComparison(expected: string | undefined, actual: string | undefined): string[] {
  const found = `actual:   ${actual === undefined ? 'none' : printable(actual)}`
  if (expected !== undefined) return [`expected: ${printable(expected)}`, found]
  return actual === undefined ? [] : [found]
}

/**
 * Control characters (a terminal executes them), characters that reverse or hide text, line separators, and lone surrogates
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029\ufff9-\ufffb]/gu

function printable(text: string): string {
  return shorten(text, MAX_TEXT).replace(
    UNSAFE,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  )
}

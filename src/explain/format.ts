/**
 * Writes an explanation for a terminal.
 */
import { escapeText } from '../terminal/escape.ts'
import { createStyle, type Style } from '../terminal/style.ts'
import { readChoice, readOptions } from '../verify/explain-kit.ts'
import type { Cause, Check, Explanation } from './explanation.ts'

/** The options of `formatExplanation`. */
export interface FormatOptions {
  /** Whether the text has colours (ANSI escape sequences). @defaultValue false */
  readonly color?: boolean | undefined
}

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
  const { color } = readOptions('formatExplanation()', options, { color: true })
  const style = createStyle(readChoice('color', color, [true, false] as const) ?? false)
  const { verdict, code, checks, causes } = explanation
  const title = `${verdict}${code === undefined ? '' : ` ${printable(code)}`}`
  const width = Math.max(...checks.map(({ name }) => printable(name).length))
  return [
    style.bold(style[VERDICTS[verdict]](title)),
    ...(causes.length > 0
      ? ['', ...causes.flatMap((one, at) => toCauseLines(one, at, style))]
      : []),
    '',
    ...checks.flatMap((check) => toCheckLines(check, width, style)),
    '',
    style.dim('Quotes an unverified token: for your eyes, not for clients or shared logs.'),
    '',
  ].join('\n')
}

function toCauseLines({ title, advice }: Cause, at: number, style: Style): string[] {
  const number = `${at + 1}.`
  return [
    `${number} ${style.bold(printable(title))}`,
    `${' '.repeat(number.length)} ${printable(advice)}`,
  ]
}

function toCheckLines(check: Check, width: number, style: Style): string[] {
  const { outcome, name, expected, actual, detail } = check
  const [color, mark] = OUTCOMES[outcome]
  const indent = ' '.repeat(width + 4)
  const first = `${style[color](mark)} ${printable(name).padEnd(width)}`
  if (outcome === 'skipped')
    return [
      style.dim(`${mark} ${printable(name).padEnd(width)}  skipped: ${printable(detail ?? '')}`),
    ]
  if (outcome === 'passed') {
    const none = expected === undefined ? '' : style.dim('none')
    const line = `${first}  ${actual === undefined ? none : printable(actual)}`.trimEnd()
    return detail === undefined ? [line] : [line, `${indent}${style.yellow(printable(detail))}`]
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

function printable(text: string): string {
  return escapeText(text, MAX_TEXT)
}

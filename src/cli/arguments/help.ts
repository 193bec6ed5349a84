/**
 * The text of `--help`.
 */
import type { Style } from '../../terminal/style.ts'
import { type Command, EXIT, type OptionGroup } from '../command.ts'

const WIDTH = 100
const INDENT = 2
/** Where the explanations begin. */
const COLUMN = 36

/** Options that every subcommand has. */
export const COMMON_GROUP: OptionGroup = {
  title: 'Output',
  options: {
    json: { type: 'flag', help: 'Print one line of JSON in place of text' },
    quiet: { type: 'flag', help: 'Print no line for each step' },
    help: { type: 'flag', help: 'Print this text (also -h)' },
  },
}

/** The help of the command itself. */
export function formatOverview(commands: readonly Command[], style: Style): string {
  return [
    'jwt-gate: why is a token accepted or refused, and is the set-up alive?',
    '',
    style.bold('Usage'),
    '  jwt-gate <command> [arguments]',
    '',
    style.bold('Commands'),
    ...commands.flatMap(({ name, summary }) => toRow(name, summary, 12)),
    '',
    style.bold('Options'),
    ...toRow('-h, --help', 'Print this text. jwt-gate <command> --help explains a command', 18),
    ...toRow('-v, --version', 'Print the version', 18),
    '',
    style.bold('Environment'),
    ...toRow('NO_COLOR', 'No colour', 18),
    ...toRow('FORCE_COLOR', 'Colour even if the output is no terminal; 0 for none', 18),
    '',
  ].join('\n')
}

/** The help of a subcommand. */
export function formatHelp(command: Command, style: Style): string {
  const { name, summary, usage, description, groups, examples, exits } = command
  const lines = [
    `jwt-gate ${name}: ${summary}`,
    '',
    style.bold('Usage'),
    `  jwt-gate ${name} ${usage}`,
    '',
    ...description.split('\n').flatMap((line) => wrap(line, WIDTH)),
    '',
    ...groups.flatMap(({ title, options }) => [
      style.bold(title),
      ...Object.entries(options).flatMap(([option, { value, help }]) =>
        toRow(value === undefined ? `--${option}` : `--${option} ${value}`, help, COLUMN),
      ),
      '',
    ]),
    style.bold('Exit code'),
    ...Object.values(EXIT).flatMap((code) => toRow(String(code), exits[code], 6)),
    '',
    style.bold('Examples'),
    ...examples.map((example) => `  ${example}`),
    '',
  ]
  return lines.join('\n')
}

function toRow(left: string, right: string, column: number): string[] {
  const start = `${' '.repeat(INDENT)}${left}`
  const [first = '', ...others] = wrap(right, WIDTH - column)
  const rest = others.map((line) => ' '.repeat(column) + line)
  if (start.length + 1 > column) return [start, ' '.repeat(column) + first, ...rest]
  return [start.padEnd(column) + first, ...rest]
}

/** Breaks a text into lines. */
function wrap(text: string, width: number): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const last = lines.length - 1
    const line = lines[last] as string
    if (line === '') lines[last] = word
    else if (line.length + 1 + word.length <= width) lines[last] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}

/**
 * Parses the command line of a subcommand. Node's `parseArgs` splits it; the messages about mistakes are our own.
 */
import { parseArgs } from 'node:util'
import { escapeText } from '../../terminal/escape.ts'
import { type Option, type Options, UsageError } from '../command.ts'
import { findNearest } from './nearest.ts'

/** The parsed command line. */
export interface Arguments {
  readonly positionals: readonly string[]
  /** Whether an option was given. */
  has(name: string): boolean
  /** The value of an option that takes one. */
  text(name: string): string | undefined
  /** The values of an option that may be repeated. */
  list(name: string): readonly string[] | undefined
}

const SHORT = { h: 'help', v: 'version' } as const

/** @throws {@link UsageError} that names the option, and the nearest one if it is unknown */
export function parseArguments(argv: readonly string[], options: Options): Arguments {
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(Object.entries(options).map(toParserOption)),
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const values = new Map<string, readonly string[]>()
  const positionals: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const option = findOption(token.name, token.rawName, options)
    const before = values.get(token.name) ?? []
    values.set(token.name, [...before, ...readValues(token, option, before.length > 0)])
  }
  return {
    positionals,
    has: (name) => values.has(name),
    text: (name) => values.get(name)?.[0],
    list: (name) => values.get(name),
  }
}

function toParserOption([name, { type }]: [string, Option]) {
  const [short] = Object.entries(SHORT).find(([, long]) => long === name) ?? []
  const kind = type === 'flag' ? ('boolean' as const) : ('string' as const)
  return [name, { type: kind, multiple: true, ...(short && { short }) }] as const
}

function findOption(name: string, rawName: string, options: Options): Option {
  const option = Object.hasOwn(options, name) ? options[name] : undefined
  if (option) return option
  const nearest = findNearest(name, Object.keys(options))
  const hint = nearest === undefined ? '' : `: did you mean --${nearest}?`
  throw new UsageError(`There is no option ${escapeText(rawName, 60)}${hint}`)
}

interface OptionToken {
  readonly name: string
  readonly value?: string | undefined
  readonly inlineValue?: boolean | undefined
}

function readValues(
  { name, value, inlineValue }: OptionToken,
  { type, value: placeholder }: Option,
  isRepeated: boolean,
): readonly string[] {
  if (type === 'flag') {
    if (value === undefined) return ['']
    throw new UsageError(`--${name} takes no value`)
  }
  if (isRepeated && type === 'text') throw new UsageError(`--${name} was given twice`)
  // the next option is not the value of this one, unless it is attached to it
  const isOption = !inlineValue && value !== undefined && /^-./.test(value)
  if (value === undefined || value === '' || isOption) {
    const attached = isOption ? `. A value that begins with a dash is written --${name}=…` : ''
    throw new UsageError(`--${name} needs a value: --${name} ${placeholder ?? ''}${attached}`)
  }
  return type === 'names' ? value.split(',').map((one) => one.trim()) : [value]
}

/**
 * The command `jwt-gate`: finds the subcommand, parses its arguments, and turns its outcome into an exit code.
 */
import { readFileSync } from 'node:fs'
import { escapeText, toSafeJson } from '../terminal/escape.ts'
import { createStyle, hasColor } from '../terminal/style.ts'
import { isJwtGateError } from '../verify/index.ts'
import { COMMON_GROUP, formatHelp, formatOverview } from './arguments/help.ts'
import { findNearest } from './arguments/nearest.ts'
import { parseArguments } from './arguments/parse-arguments.ts'
import { type Command, type Context, EXIT, type ExitCode, UsageError } from './command.ts'
import { COMMANDS } from './commands/index.ts'
import type { Io } from './io.ts'
import { createProgress } from './output/progress.ts'

/**
 * Runs the command.
 * @param argv - the arguments, without the program and its path
 * @returns the exit code. Never rejects
 */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  try {
    return await dispatch(argv, io)
  } catch (error) {
    const command = COMMANDS.find(({ name }) => name === argv[0])
    io.stderr.write(`jwt-gate: ${describeError(error, command)}\n`)
    if (argv.includes('--json')) io.stdout.write(`${toSafeJson({ error: toErrorJson(error) })}\n`)
    return EXIT.undecided
  }
}

async function dispatch(argv: readonly string[], io: Io): Promise<ExitCode> {
  const [name, ...rest] = argv
  const style = createStyle(hasColor(io.stdout, io.env))
  if (name === '--version' || name === '-v') {
    io.stdout.write(`${readVersion()}\n`)
    return EXIT.good
  }
  const isHelp = name === '--help' || name === '-h' || name === 'help'
  if (name === undefined || (isHelp && rest.length === 0)) {
    const output = name === undefined ? io.stderr : io.stdout
    output.write(formatOverview(COMMANDS, style))
    return name === undefined ? EXIT.undecided : EXIT.good
  }
  if (isHelp) return printHelp(findCommand(String(rest[0])), io)
  const command = findCommand(name)
  return rest.some((one) => one === '--help' || one === '-h')
    ? printHelp(command, io)
    : runCommand(command, rest, io)
}

function printHelp(command: Command, io: Io): ExitCode {
  const style = createStyle(hasColor(io.stdout, io.env))
  const groups = [...command.groups, COMMON_GROUP]
  io.stdout.write(formatHelp({ ...command, groups }, style))
  return EXIT.good
}

async function runCommand(command: Command, argv: readonly string[], io: Io): Promise<ExitCode> {
  const groups = [...command.groups, COMMON_GROUP]
  const args = parseArguments(argv, Object.assign({}, ...groups.map(({ options }) => options)))
  const styleOfErrors = createStyle(hasColor(io.stderr, io.env))
  const progress = createProgress(io.stderr, styleOfErrors, args.has('quiet'))
  const context: Context = {
    io,
    isJson: args.has('json'),
    style: createStyle(hasColor(io.stdout, io.env)),
    progress,
    print: (text) => void io.stdout.write(`${text}\n`),
    printJson: (value) => void io.stdout.write(`${toSafeJson(value)}\n`),
  }
  try {
    return await command.run(args, context)
  } finally {
    progress.end()
  }
}

function findCommand(name: string): Command {
  const command = COMMANDS.find((one) => one.name === name)
  if (command) return command
  const names = COMMANDS.map((one) => one.name)
  const nearest = findNearest(name, names)
  const hint =
    nearest === undefined ? `: there are ${names.join(', ')}` : `: did you mean ${nearest}?`
  throw new UsageError(`There is no command ${escapeText(name, 60)}${hint}`)
}

/** The message of an error. That of another library may contain anything. */
function describeError(error: unknown, command: Command | undefined): string {
  const help = command ? `npx jwt-gate ${command.name} --help` : 'npx jwt-gate --help'
  if (error instanceof UsageError) return `${error.message}\nFor help: ${help}`
  if (isJwtGateError(error)) return `${error.code}: ${escapeText(error.message, 1_000)}`
  return escapeText(String(error), 1_000)
}

/** For programs that read JSON. */
function toErrorJson(error: unknown): object {
  if (isJwtGateError(error)) return error.toJSON()
  return {
    name: 'UsageError',
    message: error instanceof UsageError ? error.message : String(error),
  }
}

function readVersion(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return JSON.parse(manifest).version
}

/**
 * What a subcommand is, and what it works with.
 */
import type { Style } from '../terminal/style.ts'
import type { Arguments } from './arguments/parse-arguments.ts'
import type { Io } from './io.ts'
import type { Progress } from './output/progress.ts'

/** The exit code of the process: good, refused, or not judged (an outage, or a mistake in the command line). */
export const EXIT = { good: 0, refused: 1, undecided: 2 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** A mistake in the command line, or in a file that it names. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** An option of the command line. */
export interface Option {
  /** `list` may be repeated; `names` may be repeated, and takes several names with commas between them. */
  readonly type: 'flag' | 'text' | 'list' | 'names'
  /** Stands for the value in the help, such as `<url>`. Flags have none. */
  readonly value?: string
  readonly help: string
}

/** Options by their names, without the dashes. */
export type Options = Readonly<Record<string, Option>>

/** A group of options with a heading in the help. */
export interface OptionGroup {
  readonly title: string
  readonly options: Options
}

/** Where a subcommand prints, and its side effects. */
export interface Context {
  readonly io: Io
  readonly isJson: boolean
  /** The style of results. */
  readonly style: Style
  readonly progress: Progress
  /** Prints a result. */
  print(text: string): void
  /** Prints a result for programs: one line of JSON. */
  printJson(value: unknown): void
}

/** A subcommand. */
export interface Command {
  readonly name: string
  /** One line for the list of subcommands. */
  readonly summary: string
  /** The arguments, after the name. */
  readonly usage: string
  readonly description: string
  readonly groups: readonly OptionGroup[]
  readonly examples: readonly string[]
  /** What each exit code means. */
  readonly exits: Readonly<Record<ExitCode, string>>
  readonly run: (args: Arguments, context: Context) => Promise<ExitCode>
}

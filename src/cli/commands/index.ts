/**
 * All subcommands, in the order of the help.
 */
import type { Command } from '../command.ts'
import { check } from './check.ts'
import { decode } from './decode.ts'
import { explainCommand } from './explain.ts'
import { issuer } from './issuer.ts'
import { jwks } from './jwks.ts'
import { revoke } from './revoke.ts'
import { token } from './token.ts'

export const COMMANDS: readonly Command[] = [
  explainCommand,
  decode,
  check,
  jwks,
  revoke,
  issuer,
  token,
]

/**
 * Replaces the options in the library's error messages with environment variables, because a user of the standalone authorizer
 * only knows its variables.
 */
import { ConfigError } from '../verify/index.ts'
import { VARIABLES } from './variables.ts'

const ACCESS = 'JWT_GATE_ACCESS'
const RULE_MEMBERS = ['scopes', 'anyScope', 'groups', 'allGroups', 'claims', 'check']

const NAMES: ReadonlyMap<string, string> = new Map([
  ...Object.entries(VARIABLES).map(([name, { option }]): [string, string] => [option, name]),
  ...RULE_MEMBERS.map((member): [string, string] => [member, `"${member}" in ${ACCESS}`]),
  ['rule', `a rule in ${ACCESS}`],
])

// the name of an unknown option stays as it is
const QUOTED = /"(\w+)(?:\.(\w+))?"(?! is not an option of)/g

/**
 * Calls a function whose options come from variables.
 * @throws {@link ConfigError} that names the invalid variable
 */
export function nameVariables<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    throw error instanceof ConfigError ? new ConfigError(rename(error.message)) : error
  }
}

function rename(message: string): string {
  return message.replace(QUOTED, (quoted: string, option: string, member?: string) => {
    const name = NAMES.get(option)
    if (name === undefined) return quoted
    return member === undefined ? name : `"${member}" in ${name}`
  })
}

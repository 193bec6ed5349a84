/**
 * The library's messages name options in quotes. Whoever deploys the standalone authorizer knows its variables alone.
 */
import { ConfigError } from '../verify/index.ts'
import { VARIABLES } from './variables.ts'

const ACCESS = 'JWT_GATE_ACCESS'
const RULE_MEMBERS = ['scopes', 'anyScope', 'groups', 'allGroups', 'check']

const NAMES: ReadonlyMap<string, string> = new Map([
  ...Object.entries(VARIABLES).map(([name, { option }]): [string, string] => [option, name]),
  ...RULE_MEMBERS.map((member): [string, string] => [member, `"${member}" in ${ACCESS}`]),
  ['rule', `a rule in ${ACCESS}`],
])

// what is no option keeps its own name
const QUOTED = /"(\w+)(?:\.(\w+))?"(?! is not an option of)/g

/**
 * Makes something of options that came from variables.
 * @throws {@link ConfigError} that names the variable that is wrong
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

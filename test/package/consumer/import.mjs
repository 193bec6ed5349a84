/**
 * Uses the package as ES modules.
 */
import { runScenario } from './scenario.cjs'

const entries = {}
for (const entry of process.argv.slice(2))
  entries[entry] = await import(`jwt-gate${entry.slice(1)}`)

console.log(JSON.stringify(await runScenario(entries)))

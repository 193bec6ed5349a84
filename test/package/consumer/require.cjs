/**
 * Uses the package as CommonJS.
 */
const { runScenario } = require('./scenario.cjs')

const entries = {}
for (const entry of process.argv.slice(2)) entries[entry] = require(`jwt-gate${entry.slice(1)}`)

runScenario(entries).then((answer) => console.log(JSON.stringify(answer)))

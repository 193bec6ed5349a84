/**
 * The authorizer as it ships, with a record of its results and its log, because an emulator's own status does not always show
 * them. `AUTHORIZER` and `RECORDS` are files.
 */
import { appendFileSync } from 'node:fs'
import process from 'node:process'

const { AUTHORIZER, RECORDS } = process.env
let lines = []
// Lambda writes console output to the log
console.log = (line) => lines.push(line)
// the authorizer rejects unknown variables with its prefix, and these do not have it
const { handler: authorize } = await import(AUTHORIZER)

export async function handler(event) {
  lines = []
  try {
    const result = await authorize(event)
    record({ result })
    return result
  } catch (error) {
    record({ thrown: error.message })
    throw error
  }
}

function record(outcome) {
  const logged = lines.map((line) => JSON.parse(line))
  appendFileSync(RECORDS, `${JSON.stringify({ ...outcome, logged })}\n`)
}

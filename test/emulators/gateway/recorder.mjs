/**
 * The authorizer as it ships, with a record of what it answered and logged: an emulator's own status does not always
 * tell. `AUTHORIZER` and `RECORDS` are files.
 */
import { appendFileSync } from 'node:fs'
import process from 'node:process'

const { AUTHORIZER, RECORDS } = process.env
let lines = []
// Lambda takes what is written to the console into the log
console.log = (line) => lines.push(line)
// the authorizer takes unknown settings of its own for mistakes, and these are none of its
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
